"""Statistics of a column of words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass
class WordCounts:
    """How often each word of a column occurs in the examples that were added.

    Args:
        words: of the whole column, as the table's facts list them; an example has the place of its word.
    """

    words: Sequence[str]
    missing: int = 0
    counts: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = np.zeros(len(self.words), np.int64)

    def add(self, codes: NDArray[Any]) -> None:
        """Take in a block of places; −1 stands for a missing value."""
        there = codes[codes >= 0]
        self.missing += len(codes) - len(there)
        self.counts += np.bincount(there, minlength=len(self.words))

    def ordered(self) -> list[tuple[str, int]]:
        """Words that occur and how often: the most frequent first, equals by the word."""
        pairs = zip(self.words, self.counts.tolist(), strict=True)
        return sorted(((word, n) for word, n in pairs if n), key=lambda pair: (-pair[1], pair[0]))

    @property
    def mode(self) -> str | None:
        """The most frequent word, of equals the first by the word; None where none occurs."""
        return next((word for word, _ in self.ordered()), None)

    @property
    def constant(self) -> bool:
        """Whether no two examples differ."""
        return int(np.count_nonzero(self.counts)) + bool(self.missing) <= 1
