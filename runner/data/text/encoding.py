"""How a source's texts become numbers, fixed by its training part."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from runner.data.examples import Array
from runner.data.text.bags import Bags
from runner.data.text.counts import TextCounts
from runner.data.text.vocabulary import FIRST, Vocabulary
from schemas.array_data import TextData

LONGEST = 256
"""Words of a sequence at most, where the recipe gives no length."""


@dataclass(frozen=True)
class Encoding:
    """The vocabulary, and what each text becomes.

    Attributes:
        output: int, multi_hot or tf_idf.
        words: of the vocabulary, the most frequent first.
        length: of a sequence; None for the other outputs.
        weights: of the words, for tf_idf.
        ngrams: most neighbouring words that count together as one.
    """

    output: str
    words: tuple[str, ...]
    length: int | None = None
    weights: tuple[float, ...] | None = None
    ngrams: int = 1

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one input."""
        return (self.length,) if self.length is not None else (len(self.words) + 1,)

    @property
    def numbers(self) -> int | None:
        """How many different numbers a sequence may have; None for the other outputs."""
        return len(self.words) + FIRST if self.output == "int" else None

    @property
    def dtype(self) -> np.dtype[np.int32] | np.dtype[np.uint8] | np.dtype[np.float32]:
        """Type in which the inputs are kept."""
        return np.dtype(np.int32) if self.output == "int" else self._bags().dtype

    def encoded(self, texts: Sequence[str]) -> Array:
        """Inputs of the model."""
        if self.length is not None:
            return Vocabulary(self.words, self.length, self.ngrams).sequences(texts)
        return self._bags().rows(texts)

    def _bags(self) -> Bags:
        return Bags(self.words, None if self.weights is None else np.array(self.weights, np.float32), self.ngrams)


def fit_encoding(texts: Sequence[str], data: TextData) -> Encoding:
    """Fix the encoding by the texts that train.

    Raises:
        DataError: they have no word.
    """
    counts = TextCounts(data.ngrams)
    counts.add(texts)
    return encoding_of(counts, data.output, data.vocabulary, data.length)


def encoding_of(counts: TextCounts, output: str, most: int, length: int | None) -> Encoding:
    """The encoding by what was counted of the texts that train.

    Args:
        counts: of these texts.
        output: int, multi_hot or tf_idf.
        most: words of the vocabulary.
        length: of a sequence; None: of the longest text, 256 words at most.

    Raises:
        DataError: there is no word.
    """
    words = counts.vocabulary(most)
    if output == "int":
        return Encoding("int", words, length or min(counts.longest, LONGEST), ngrams=counts.ngrams)
    weights = tuple(counts.inverse_frequencies(words).tolist()) if output == "tf_idf" else None
    return Encoding(output, words, None, weights, counts.ngrams)
