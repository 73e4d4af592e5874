"""Did you mean ...?"""

import re
from collections.abc import Iterable
from difflib import get_close_matches

# Names that mean a word of the language and do not look like it: Keras' classes, papers' and other
# libraries' terms. Left normalised; right what it may mean, by which choices there are.
_ALIASES: dict[str, tuple[str, ...]] = {
    "acc": ("accuracy",),
    "avgpool2d": ("average_pooling2d",),
    "averagepool2d": ("average_pooling2d",),
    "base": ("extends",),
    "batchnorm": ("batch_normalization",),
    "batchnorm2d": ("batch_normalization",),
    "beta1": ("beta_1", "momentum"),
    "bn": ("batch_normalization",),
    "bs": ("batch_size",),
    "categoricalcrossentropy": ("sparse_categorical_crossentropy",),
    "classify": ("classification",),
    "conv": ("conv2d",),
    "cosineannealing": ("cosine",),
    "cosineannealingwarmrestarts": ("cosine_restarts",),
    "cosinedecay": ("cosine",),
    "cosinedecayrestarts": ("cosine_restarts",),
    "crossentropy": ("sparse_categorical_crossentropy",),
    "cuda": ("gpu",),
    "decaysteps": ("decay_every",),
    "desc": ("description",),
    "droprate": ("dropout", "rate"),
    "exponentialdecay": ("exponential",),
    "exponentialscheduling": ("exponential",),
    "fc": ("dense",),
    "fullyconnected": ("dense",),
    "gap": ("global_average_pooling2d",),
    "globalavgpool2d": ("global_average_pooling2d",),
    "globalmaxpool2d": ("global_max_pooling2d",),
    "include": ("extends",),
    "inherit": ("extends",),
    "initiallearningrate": ("initial_lr",),
    "inversetimedecay": ("power",),
    "kernelsize": ("kernel_size",),
    "l2regularization": ("kernel_regularizer",),
    "layernorm": ("layer_normalization",),
    "learningrate": ("learning_rate", "initial_lr", "max_lr"),
    "logloss": ("binary_crossentropy",),
    "lr": ("learning_rate", "initial_lr", "max_lr"),
    "mae": ("mean_absolute_error",),
    "maximumlr": ("max_lr",),
    "maxlearningrate": ("max_lr",),
    "maxpool": ("max_pooling2d",),
    "maxpool2d": ("max_pooling2d",),
    "minlearningrate": ("min_lr", "final_lr"),
    "mse": ("mean_squared_error",),
    "multistep": ("piecewise",),
    "neurons": ("units",),
    "noam": ("inverse_sqrt",),
    "numepochs": ("epochs",),
    "nepochs": ("epochs",),
    "onecycle": ("1cycle",),
    "onecyclelr": ("1cycle",),
    "optim": ("optimizer",),
    "piecewiseconstant": ("piecewise",),
    "piecewiseconstantdecay": ("piecewise",),
    "polynomialdecay": ("polynomial",),
    "randomseed": ("seed",),
    "reducelronplateau": ("plateau",),
    "scheduler": ("schedule",),
    "sepconv2d": ("separable_conv2d",),
    "sgdr": ("cosine_restarts",),
    "step": ("piecewise",),
    "sparsecrossentropy": ("sparse_categorical_crossentropy",),
    "swish": ("silu",),
    "tensorflowdatasets": ("tfds",),
    "top5": ("top_5_accuracy",),
    "type": ("kind", "source"),
    "val": ("validation",),
    "wd": ("weight_decay",),
    "width": ("units",),
}
_PREFIXES = ("val_", "test_")
_CLOSE = 0.65
_SHORTEST = 3


def suggest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that ``word`` was most likely meant to be, or None.

    Other spellings come first (``OneCycle``, ``Conv2D``, ``batchSize``), then names from elsewhere
    (``lr``, ``MaxPool2D``), unique beginnings (``exp``) and last what is close by letters. Of equals the
    earlier choice wins.
    """
    allowed = [choice for choice in choices if choice != word]
    if not allowed or not word or len(word) > 100:
        return None
    plain = _normal(word)
    by_plain = {_normal(choice): choice for choice in allowed}
    return by_plain.get(plain) or _alias(plain, word, allowed) or _beginning(plain, by_plain) or _close(plain, by_plain)


def _normal(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.casefold())


def _alias(plain: str, word: str, allowed: list[str]) -> str | None:
    targets = [choice for choice in allowed if choice in _ALIASES.get(plain, ())]
    if targets:
        return targets[0]
    for prefix in _PREFIXES:
        if word.startswith(prefix) and (known := _ALIASES.get(_normal(word[len(prefix) :]))):
            return next((prefix + target for target in known if prefix + target in allowed), None)
    return None


def _beginning(plain: str, by_plain: dict[str, str]) -> str | None:
    if len(plain) < _SHORTEST:
        return None
    longer = [choice for other, choice in by_plain.items() if other.startswith(plain)]
    if len(longer) == 1:
        return longer[0]
    shorter = [other for other in by_plain if plain.startswith(other) and len(other) >= _SHORTEST]
    return by_plain[max(shorter, key=len)] if shorter else None


def _close(plain: str, by_plain: dict[str, str]) -> str | None:
    matches = get_close_matches(plain, by_plain, n=1, cutoff=_CLOSE)
    return by_plain[matches[0]] if matches else None
