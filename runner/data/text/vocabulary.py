"""The words that a model of text knows, and texts as their numbers."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from runner.data.text.standard import terms_of
from runner.errors import DataError

PADDING, UNSEEN, FIRST = 0, 1, 2
"""Numbers of what is after a text's end, of words that are not in the vocabulary, and of its first word."""


class Vocabulary:
    """Numbers of words, as ``TextVectorization(vocabulary=words, output_sequence_length=length)`` gives them.

    Those of n-grams come after those of all words.

    Args:
        words: known ones, in the order of their numbers from 2 on.
        length: of every sequence: longer texts are cut, shorter ones end in zeros.
        ngrams: most neighbouring words that count together as one.
    """

    def __init__(self, words: Sequence[str], length: int, ngrams: int = 1) -> None:
        if length < 1:
            raise DataError(f"sequences have a length of at least 1, got {length}")
        self._length, self._ngrams = length, ngrams
        self._numbers = {word.encode(): number for number, word in enumerate(words, FIRST)}
        if len(self._numbers) != len(words):
            raise DataError("a vocabulary has every word once")

    def __len__(self) -> int:
        """Number of numbers, with those of padding and of unseen words."""
        return len(self._numbers) + FIRST

    def sequences(self, texts: Sequence[str | None]) -> NDArray[np.int32]:
        """Numbers of the words of texts, of the shape ``(n, length)``."""
        result = np.full((len(texts), self._length), PADDING, np.int32)
        for row, text in zip(result, texts, strict=True):
            words = terms_of(text or "", self._ngrams)[: self._length]
            row[: len(words)] = [self._numbers.get(word, UNSEEN) for word in words]
        return result

    def unseen(self, texts: Iterable[str | None]) -> float:
        """Share of the words of texts that are not in the vocabulary; 0 without words."""
        known = [word in self._numbers for text in texts for word in terms_of(text or "", self._ngrams)]
        return 1 - sum(known) / len(known) if known else 0.0
