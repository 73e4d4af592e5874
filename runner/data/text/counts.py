"""How often words occur in texts that come a block at a time."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from runner.data.text.standard import terms_of
from runner.errors import DataError


@dataclass
class TextCounts:
    """What a vocabulary is made of.

    Attributes:
        ngrams: most neighbouring words that count together as one.
        texts: that were added, missing ones as well.
        longest: words and n-grams of the longest text.
        words: how often each word occurs.
        with_word: in how many texts each word occurs.
    """

    ngrams: int = 1
    texts: int = 0
    longest: int = 0
    words: Counter[bytes] = field(default_factory=Counter)
    with_word: Counter[bytes] = field(default_factory=Counter)

    def add(self, texts: Iterable[str | None]) -> None:
        """Take in texts; one that is missing has no word."""
        for text in texts:
            words = terms_of(text or "", self.ngrams)
            self.texts += 1
            self.longest = max(self.longest, len(words))
            self.words.update(words)
            self.with_word.update(set(words))

    def vocabulary(self, most: int | None = None, at_least: int = 1) -> tuple[str, ...]:
        """The most frequent words first, equals by the word.

        Args:
            most: words that are kept; None: all.
            at_least: times that a word occurs.

        Raises:
            DataError: no word is left.
        """
        counted = self.words.items()
        frequent = sorted(((word, n) for word, n in counted if n >= at_least), key=lambda pair: (-pair[1], pair[0]))
        if not frequent:
            raise DataError(f"the training part has no word that occurs {at_least:,} times or more", "lower the bound")
        return tuple(word.decode() for word, _ in frequent[:most])

    def inverse_frequencies(self, words: Sequence[str]) -> NDArray[np.float32]:
        """log(1 + texts/(1 + texts with the word)) of each word."""
        with_word = np.array([self.with_word[word.encode()] for word in words], np.float64)
        return np.log1p(self.texts / (1 + with_word)).astype(np.float32)
