"""How numbers and words are spread."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 24


@dataclass(frozen=True)
class Spread:
    """Of the values of a column, or of all values of images."""

    name: str
    missing: int
    low: float | None = None
    """Smallest number; None for words, and where there is no value."""
    mean: float | None = None
    high: float | None = None
    deviation: float | None = None
    histogram: tuple[int, ...] = ()
    """Numbers in intervals of equal width from the smallest to the largest."""
    words: tuple[tuple[str, int], ...] = ()
    """The most frequent words, and how often each occurs."""


def of_numbers(name: str, values: NDArray[Any]) -> Spread:
    """Of numbers, of which NaN are missing."""
    flat = values.astype(np.float64).ravel()
    known = flat[np.isfinite(flat)]
    if not len(known):
        return Spread(name, len(flat))
    low, high = float(known.min()), float(known.max())
    counts = np.histogram(known, BINS, (low, high if high > low else low + 1))[0]
    found = (float(known.mean()), high, float(known.std()), tuple(counts.tolist()))
    return Spread(name, len(flat) - len(known), low, *found)


def of_words(name: str, words: Iterable[str | None], most: int = 5) -> Spread:
    """Of words, of which None is missing."""
    counts = Counter(words)
    missing = counts.pop(None, 0)
    listed = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))[:most]
    return Spread(name, missing, words=tuple((str(word), count) for word, count in listed))
