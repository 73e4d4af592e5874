"""Suggestions for misspelt words: "did you mean …?"."""

from collections.abc import Iterable
from difflib import get_close_matches

from runner.diagnostics.names import alike, known, one_slip, plain

# Terms from Keras, papers and other libraries that mean a word of the language but do not resemble it. Left: the
# normalized term; right: its possible meanings, to be matched against the choices.
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
    "crossvalidation": ("repeat",),
    "cuda": ("gpu",),
    "cv": ("repeat",),
    "decaysteps": ("decay_every",),
    "desc": ("description",),
    "droprate": ("dropout", "rate"),
    "exponentialdecay": ("exponential",),
    "exponentialscheduling": ("exponential",),
    "f1score": ("f1",),
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
    "kfold": ("repeat",),
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
    "val": ("validation",),
    "verify": ("validate",),
    "wd": ("weight_decay",),
    "width": ("units",),
}
# Synonyms: of the aliases, only these may be substituted without asking.
_SAME = {
    "acc": "accuracy",
    "mae": "mean_absolute_error",
    "mse": "mean_squared_error",
    "onecycle": "1cycle",
}
_PREFIXES = ("val_", "test_")
_TAILS = ("layer", "loss", "metric", "optimizer", "schedule", "scheduler", "decay", "lr", "annealing", "function")
"""Suffixes that people add to a name: ``dense_layer``, ``cosine_decay``."""
_CLOSE = 0.75
_SHORTEST = 3
_LEAST_SLIPPED = 4
"""Minimum length of a choice for a single slip to be unambiguous."""
_TELLING = 4
"""Minimum length of a word for it to count as shared by two names."""


def suggest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that ``word`` most likely means, or None.

    Other spellings come first (``OneCycle``, ``Conv2D``, ``batchSize``), then names from other libraries (``lr``,
    ``MaxPool2D``), unique prefixes (``exp``), and last words with similar letters. Among equals the earlier choice
    wins. A name with a different meaning in another library (``alpha_dropout``) is never treated as a misspelling.
    """
    allowed = [choice for choice in choices if choice != word]
    if not allowed or not word or len(word) > 100:
        return None
    spelt = plain(word)
    by_plain = {plain(choice): choice for choice in allowed}
    found = [by_plain[spelt]] if spelt in by_plain else _aliases(spelt, word, allowed)
    # Singular for plural, before a prefix: `targets` is `target` and not the beginning of `target_scale`.
    found = found or [choice for other, choice in by_plain.items() if spelt in (f"{other}s", other.removesuffix("s"))]
    if not found and not known(word):
        found = _beginning(spelt, by_plain) or _close(spelt, by_plain)
    return found[0] if found else None


def sure(word: str, choices: Iterable[str]) -> str | None:
    """The choice that may replace the word without asking, because it is unambiguous.

    It differs only in capitals and separators, is a synonym, or is the only name, here or in another library, that is
    one slip away from an unknown word.
    """
    allowed = [choice for choice in choices if choice != word]
    if not allowed or not word or len(word) > 100:
        return None
    spelt = plain(word)
    equal = [choice for choice in allowed if plain(choice) == spelt]
    if len(equal) == 1:
        return equal[0]
    if known(word):
        return None
    if _SAME.get(spelt) in allowed:
        return _SAME[spelt]
    slipped = [choice for choice in allowed if one_slip(spelt, plain(choice)) and len(choice) >= _LEAST_SLIPPED]
    return slipped[0] if len(slipped) == 1 and alike(word) <= {plain(slipped[0])} else None


def nearest(word: str, choices: Iterable[str]) -> list[str]:
    """At most two choices that share most words with a name from another library; none if the overlap is small."""
    spelt = plain(word)
    shares = {choice: _shared(spelt, choice) for choice in choices}
    most = max(shares.values(), default=0.0)
    return [choice for choice, share in shares.items() if share == most][:2] if most >= 0.5 else []


def _shared(spelt: str, choice: str) -> float:
    """Letters of the choice's words that occur in ``spelt``, as a fraction of the letters of both."""
    words = [part for part in choice.split("_") if len(part) >= _TELLING and part in spelt]
    return 2 * sum(map(len, words)) / (len(spelt) + len(plain(choice)))


def _aliases(spelt: str, word: str, allowed: list[str]) -> list[str]:
    targets = [choice for choice in allowed if choice in _ALIASES.get(spelt, ())]
    for prefix in _PREFIXES:
        if not targets and word.startswith(prefix):
            found = _ALIASES.get(plain(word[len(prefix) :]), ())
            targets = [prefix + target for target in found if prefix + target in allowed]
    return targets


def _beginning(spelt: str, by_plain: dict[str, str]) -> list[str]:
    if len(spelt) < _SHORTEST:
        return []
    longer = [choice for other, choice in by_plain.items() if other.startswith(spelt)]
    if len(longer) == 1:
        return longer
    return [choice for other, choice in by_plain.items() if any(spelt == other + tail for tail in _TAILS)]


def _close(spelt: str, by_plain: dict[str, str]) -> list[str]:
    """The closest choice with the same digits: ``conv1d`` is not a misspelt ``conv2d``."""
    digits = [letter for letter in spelt if letter.isdigit()]
    alike = [other for other in by_plain if [letter for letter in other if letter.isdigit()] == digits]
    return [by_plain[match] for match in get_close_matches(spelt, alike, n=1, cutoff=_CLOSE)]


def aliased(word: str) -> tuple[str, ...]:
    """Words of the language for a name from another library."""
    return _ALIASES.get(plain(word), ())
