"""Names that other trainers know: a word that is one of them is never taken for a misspelling.

``keras.txt`` is written from the installed Keras (``python -m tests.diagnostics.keras_names``), ``others.txt`` by hand.
Both are read only when a recipe has a word that the language does not know.
"""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

KERAS = "Keras"


class Known(NamedTuple):
    """A name from elsewhere."""

    name: str
    home: str
    """Who knows it, such as ``Keras``."""
    advice: str = ""
    """What to write here; empty where nothing better than the nearest words is known."""


def plain(word: str) -> str:
    """A word without what spellings of one name differ in: capitals and separators."""
    return re.sub(r"[^a-z0-9]", "", word.casefold())


def known(word: str) -> Known | None:
    """The name that a word is, however it is capitalised and separated."""
    return _names().get(plain(word))


def alike(word: str) -> set[str]:
    """Plain names from elsewhere that are at most one slip from a word."""
    spelt = plain(word)
    return {name for name in _names() if one_slip(spelt, name)}


def one_slip(word: str, name: str) -> bool:
    """Whether a letter too many, too few, or wrong, or two exchanged neighbours make ``name`` of ``word``.

    Digits are no slips: ``conv1d`` is not ``conv2d``.
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
    """Every name by its plain form; what is written by hand has the advice, so that it goes first."""
    found = {plain(name): Known(name, KERAS) for name in _lines("keras.txt")}
    home = ""
    for line in _lines("others.txt"):
        if line.startswith("["):
            home = line.strip("[]")
            continue
        name, _, advice = (part.strip() for part in line.partition(":"))
        found[plain(name)] = Known(name, home, advice)
    return found


def _lines(name: str) -> list[str]:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
