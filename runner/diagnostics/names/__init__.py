"""Names used by other libraries: a word that is one of them is never treated as a misspelling.

``keras.txt`` is generated from the installed Keras (``python -m tests.diagnostics.keras_names``); the other tables are
written by hand: ``others.txt`` has names without an equal here, ``aliases.txt`` names that mean a word of the language,
``values.txt`` values that a key does not take. They are read only when a recipe has a fault.
"""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

KERAS = "Keras"


class Known(NamedTuple):
    """A name from another library."""

    name: str
    home: str
    """The library, such as ``Keras``."""
    advice: str = ""
    """What to write instead; empty if there is no better advice than the nearest words."""


def plain(word: str) -> str:
    """A word in lower case and without separators, so that spellings of one name are equal."""
    return re.sub(r"[^a-z0-9]", "", word.casefold())


def known(word: str) -> Known | None:
    """The name that a word matches, ignoring capitals and separators."""
    return _names().get(plain(word))


def aliased(word: str) -> tuple[str, ...]:
    """Words of the language that a name from another library means."""
    return _aliases().get(plain(word), ())


def advice_on(key: str, value: str) -> str:
    """What to write instead of a value that a key does not take; empty if there is no advice.

    Args:
        key: The key, such as ``padding``; ``item of metrics`` for the items of a list.
        value: The value as text; a list is ``[]``.
    """
    values = _advice().get(key, {})
    return values.get(value.casefold(), values.get("*", ""))


def alike(word: str) -> set[str]:
    """Plain names from other libraries at most one typing slip away from a word."""
    spelt = plain(word)
    return {name for name in _names() if one_slip(spelt, name)}


def one_slip(word: str, name: str) -> bool:
    """Whether one inserted, deleted, wrong or transposed letter turns ``word`` into ``name``.

    Digits do not count as slips: ``conv1d`` is not ``conv2d``.
    """
    if word == name or abs(len(word) - len(name)) > 1 or _digits(word) != _digits(name):
        return False
    start = next((k for k, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
    left, right = word[start:], name[start:]
    if len(left) != len(right):
        longer, shorter = (left, right) if len(left) > len(right) else (right, left)
        return longer[1:] == shorter
    return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])


def _digits(word: str) -> str:
    return re.sub(r"[^0-9]", "", word)


@cache
def _names() -> dict[str, Known]:
    """All names by their plain form; the handwritten ones carry the advice, so they take precedence."""
    found = {plain(name): Known(name, KERAS) for name in _lines("keras.txt")}
    home = ""
    for line in _lines("others.txt"):
        if line.startswith("["):
            home = line.strip("[]")
            continue
        name, _, advice = (part.strip() for part in line.partition(":"))
        found[plain(name)] = Known(name, home, advice)
    return found


@cache
def _aliases() -> dict[str, tuple[str, ...]]:
    """Words of the language by the plain form of a term."""
    terms = (line.partition(":") for line in _lines("aliases.txt"))
    return {term: tuple(word.strip() for word in words.split(",")) for term, _, words in terms}


@cache
def _advice() -> dict[str, dict[str, str]]:
    """Advice by key and value, ``*`` for any other value."""
    found: dict[str, dict[str, str]] = {}
    for line in _lines("values.txt"):
        place, _, advice = line.partition(": ")
        key, _, values = place.partition(" = ")
        found.setdefault(key, {}).update(dict.fromkeys(values.split(" | "), advice))
    return found


def _lines(name: str) -> list[str]:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
