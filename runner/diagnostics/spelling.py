"""Suggestions for misspelt words: "did you mean …?"."""

from collections.abc import Iterable
from difflib import get_close_matches

from runner.diagnostics.names import aliased, alike, known, one_slip, plain

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
    targets = [choice for choice in allowed if choice in aliased(spelt)]
    for prefix in _PREFIXES:
        if not targets and word.startswith(prefix):
            found = aliased(word[len(prefix) :])
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
