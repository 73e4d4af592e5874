"""Texts as one number for each word of the vocabulary, as ``TextVectorization`` gives them."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from runner.data.text.standard import terms_of


class Bags:
    """Rows of a value for each word, after one for all words that are not known.

    Args:
        words: known ones, in the order of their places from 1 on.
        weights: what an occurrence of each counts (``tf_idf``); None: whether it occurs at all (``multi_hot``).
        ngrams: most neighbouring words that count together as one.
    """

    def __init__(self, words: Sequence[str], weights: NDArray[np.float32] | None = None, ngrams: int = 1) -> None:
        self._ngrams = ngrams
        self._places = {word.encode(): place for place, word in enumerate(words, 1)}
        self._weights = None
        if weights is not None:  # words that are not known weigh the mean, as in Keras
            self._weights = np.concatenate([[np.average(weights.astype(np.float64))], weights]).astype(np.float32)

    @property
    def dtype(self) -> np.dtype[np.uint8] | np.dtype[np.float32]:
        """Type of the values."""
        return np.dtype(np.uint8) if self._weights is None else np.dtype(np.float32)

    def rows(self, texts: Sequence[str]) -> NDArray[np.uint8] | NDArray[np.float32]:
        """Values of texts, of the shape ``(n, words + 1)``."""
        result = np.zeros((len(texts), len(self._places) + 1), self.dtype)
        for row, text in zip(result, texts, strict=True):
            counts = Counter(self._places.get(word, 0) for word in terms_of(text, self._ngrams))
            for place, count in counts.items():
                row[place] = 1 if self._weights is None else np.float32(count) * self._weights[place]
        return result
