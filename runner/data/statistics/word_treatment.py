"""How categories reach the model: as numbers of words, with a place for rare and unseen ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from runner.data.statistics.categories import WordCounts
from runner.errors import DataError

Fill = Literal["own", "mode", "constant", "drop"]
Encoding = Literal["one_hot", "index"]
_WIDEST = 50
"""Numbers of an embedding at most, where the recipe leaves it to us."""
UNSEEN = 0
"""Place of rare and unseen words, as Keras' StringLookup has it with one place for what is not in its vocabulary."""


@dataclass(frozen=True)
class WordTreatment:
    """What a recipe asks for.

    Attributes:
        missing: what takes the place of a missing value: ``own`` is a place of its own, after all words.
        constant: the word of ``missing: constant``.
        at_least: times that a word occurs in the training part; rarer ones share the place of unseen ones.
        at_most: words that have a place, the most frequent; None: all.
        encoding: ``one_hot``, or ``index`` to be embedded.
        embed: numbers of each place's vector, for ``index``; ``auto``: half as many as there are places, at most 50.
    """

    missing: Fill = "own"
    constant: str = ""
    at_least: int = 1
    at_most: int | None = None
    encoding: Encoding = "one_hot"
    embed: int | Literal["auto"] | None = None


@dataclass(frozen=True)
class FittedWords:
    """What was learnt of the training part.

    Attributes:
        name: of the column.
        words: with a place each, from 1 on: the most frequent first, equals by the word.
        fill: place of a missing value; None: rows without one are dropped.
        size: number of places.
        rare: words of the training part that share place 0.
        encoding: how places reach the model.
        constant: whether no two examples of the training part differ.
        missing: values that the training part lacked.
        embed: numbers of the vector that each place has; None: it is one-hot.
    """

    name: str
    words: tuple[str, ...]
    fill: int | None
    size: int
    rare: int
    encoding: Encoding
    constant: bool
    missing: int
    embed: int | None = field(default=None, repr=False)  # says nothing of the examples, whose identity repr is part of

    def places(self, codes: NDArray[Any], words: Sequence[str]) -> NDArray[np.int32]:
        """Places of a table's codes, −1 where a value is missing.

        Args:
            codes: places in the table's own list of words.
            words: that list.
        """
        if self.fill is None and (codes < 0).any():
            raise DataError(f"column {self.name!r}: row {int(np.argmax(codes < 0)) + 1:,} of these has no value")
        own = {word: place for place, word in enumerate(self.words, 1)}
        table = np.array([*(own.get(word, UNSEEN) for word in words), self.fill or UNSEEN], np.int32)
        places: NDArray[np.int32] = table[codes]  # −1 is the last
        return places

    def apply(self, codes: NDArray[Any], words: Sequence[str]) -> NDArray[Any]:
        """Features: places of the shape ``(n, 1)``, or 0 and 1 of the shape ``(n, size)``."""
        places = self.places(codes, words)
        if self.encoding == "index":
            return places[:, None]
        features: NDArray[np.float32] = (places[:, None] == np.arange(self.size)).astype(np.float32)
        return features


def fit_words(name: str, found: WordCounts, treatment: WordTreatment) -> FittedWords:
    """Learn a treatment from the counts of the training part.

    Raises:
        DataError: there is no value to learn from.
    """
    ordered = found.ordered()
    if not ordered:
        raise DataError(f"column {name!r} has no value in the training part", "declare it `type: ignore`")
    frequent = [word for word, times in ordered if times >= treatment.at_least][: treatment.at_most]
    own = treatment.missing == "own" and found.missing > 0
    size = len(frequent) + 1 + own
    return FittedWords(
        name,
        tuple(frequent),
        _fill(found, frequent, treatment, size - 1 if own else UNSEEN),
        size,
        len(ordered) - len(frequent),
        treatment.encoding,
        found.constant,
        found.missing,
        min((size + 1) // 2, _WIDEST) if treatment.embed == "auto" else treatment.embed,
    )


def _fill(found: WordCounts, frequent: list[str], treatment: WordTreatment, own: int) -> int | None:
    """Place of a missing value; one that training never lacked is unseen."""
    if treatment.missing == "drop":
        return None
    if treatment.missing == "own":
        return own
    word = found.mode if treatment.missing == "mode" else treatment.constant
    return frequent.index(word) + 1 if word in frequent else UNSEEN
