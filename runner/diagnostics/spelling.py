"""Did you mean ...?"""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

# Names that mean a word of the language and do not look like it: Keras' classes, papers' and other
# libraries' terms. Left normalised; right what it may mean, by which choices there are.
_ALIASES: dict[str, tuple[str, ...]] = {
    "acc": ("accuracy",),
    "averagepool2d": ("average_pooling2d",),
    "avgpool2d": ("average_pooling2d",),
    "base": ("extends",),
    "batchnorm": ("batch_normalization",),
    "batchnorm2d": ("batch_normalization",),
    "beta1": ("beta_1", "momentum"),
    "bn": ("batch_normalization",),
    "bs": ("batch_size",),
    "categoricalcrossentropy": ("sparse_categorical_crossentropy",),
    "check": ("validate",),
    "classify": ("classification",),
    "conv": ("conv2d",),
    "copy": ("cp",),
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
    "format": ("fmt",),
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
    "lint": ("validate",),
    "list": ("ls",),
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
    "nepochs": ("epochs",),
    "neurons": ("units",),
    "noam": ("inverse_sqrt",),
    "numepochs": ("epochs",),
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
    "sparsecrossentropy": ("sparse_categorical_crossentropy",),
    "step": ("piecewise",),
    "swish": ("silu",),
    "tensorflowdatasets": ("tfds",),
    "top5": ("top_5_accuracy",),
    "train": ("run",),
    "type": ("kind", "source"),
    "upgrade": ("fmt",),
    "val": ("validation",),
    "verify": ("validate",),
    "wd": ("weight_decay",),
    "width": ("units",),
}
_PREFIXES = ("val_", "test_")
_CLOSE = 0.65
_SHORTEST = 3
_CLEARLY = 0.05
"""Likeness by which one choice must be ahead of the next to be the only one meant."""


def suggest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that ``word`` was most likely meant to be, or None.

    Other spellings come first (``OneCycle``, ``Conv2D``, ``batchSize``), then names from elsewhere
    (``lr``, ``MaxPool2D``), unique beginnings (``exp``) and last what is close by letters. Of equals the
    earlier choice wins.
    """
    return next(iter(_candidates(word, choices)), None)


def sure(word: str, choices: Iterable[str]) -> str | None:
    """The suggestion, where no other choice is as likely: what may be put in place of the word unasked."""
    found = _candidates(word, choices)
    return found[0] if len(found) == 1 else None


def _candidates(word: str, choices: Iterable[str]) -> list[str]:
    """Choices that are about as likely, the likeliest first."""
    allowed = [choice for choice in choices if choice != word]
    if not allowed or not word or len(word) > 100:
        return []
    plain = _normal(word)
    by_plain = {_normal(choice): choice for choice in allowed}
    if plain in by_plain:
        return [by_plain[plain]]
    return _aliases(plain, word, allowed) or _beginning(plain, by_plain) or _close(plain, by_plain)


def _normal(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.casefold())


def _aliases(plain: str, word: str, allowed: list[str]) -> list[str]:
    targets = [choice for choice in allowed if choice in _ALIASES.get(plain, ())]
    for prefix in _PREFIXES:
        if not targets and word.startswith(prefix):
            known = _ALIASES.get(_normal(word[len(prefix) :]), ())
            targets = [prefix + target for target in known if prefix + target in allowed]
    return targets


def _beginning(plain: str, by_plain: dict[str, str]) -> list[str]:
    if len(plain) < _SHORTEST:
        return []
    longer = [choice for other, choice in by_plain.items() if other.startswith(plain)]
    if len(longer) == 1:
        return longer
    shorter = [other for other in by_plain if plain.startswith(other) and len(other) >= _SHORTEST]
    return [by_plain[max(shorter, key=len)]] if shorter else []


def _close(plain: str, by_plain: dict[str, str]) -> list[str]:
    matches = get_close_matches(plain, by_plain, n=2, cutoff=_CLOSE)
    if len(matches) == 2 and _likeness(plain, matches[0]) - _likeness(plain, matches[1]) > _CLEARLY:
        del matches[1]
    return [by_plain[match] for match in matches]


def _likeness(word: str, choice: str) -> float:
    return SequenceMatcher(None, choice, word).ratio()
