"""Texts as one row of tokens, cut into sequences of which each token is to be told from those before it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from runner.data.text.standard import words_of
from runner.data.text.vocabulary import FIRST, UNSEEN
from runner.errors import DataError

Kind = Literal["words", "characters"]
Numbers = NDArray[np.int32]
END = "[END]"
"""Token after each of several texts; neither a word nor a character can be it."""


def tokens_of(text: str, kind: Kind) -> list[bytes]:
    """Words as ``TextVectorization`` has them by default, or code points as it has them with ``split="character"``."""
    return words_of(text) if kind == "words" else [character.encode() for character in text]


@dataclass(frozen=True)
class TokenVocabulary:
    """The tokens that a language model knows, the most frequent of the training part first.

    Attributes:
        kind: of the tokens.
        tokens: known ones, in the order of their numbers from 2 on; before them are padding and unseen tokens.
    """

    kind: Kind
    tokens: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of all numbers, as Keras' ``get_vocabulary`` has them."""
        return ("", "[UNK]", *self.tokens)

    def text(self, numbers: Iterable[int]) -> str:
        """The tokens of a row: words with a blank between them, characters as they are."""
        return ("" if self.kind == "characters" else " ").join(self.names[number] for number in numbers)

    def row(self, texts: Iterable[Sequence[bytes]]) -> Numbers:
        """Numbers of the tokens of all texts one after another, with ``[END]`` after each where it is known."""
        numbers = {token.encode(): number for number, token in enumerate(self.tokens, FIRST)}
        end = [numbers[END.encode()]] if END.encode() in numbers else []
        found = [number for text in texts for number in (*(numbers.get(token, UNSEEN) for token in text), *end)]
        return np.array(found, np.int32)


def fit_tokens(texts: Sequence[Sequence[bytes]], kind: Kind, most: int, *, ends: bool) -> TokenVocabulary:
    """The vocabulary of the texts that train.

    Args:
        texts: their tokens.
        kind: of these.
        most: how many are kept: the most frequent, equals in the order of their bytes.
        ends: whether ``[END]`` comes after each text; it is not among ``most``.

    Raises:
        DataError: there is no token.
    """
    counts = Counter(token for text in texts for token in text)
    if not counts:
        raise DataError(f"the training part has no {kind}")
    frequent = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return TokenVocabulary(kind, (*([END] if ends else []), *(token.decode() for token, _ in frequent)))


def sequences(row: Numbers, length: int) -> tuple[Numbers, Numbers]:
    """Inputs and targets, each ``(n, length)``: target t of a sequence is its input t + 1, or the next one's first.

    What does not fill a sequence at the end of the row is left out.
    """
    count = max(len(row) - 1, 0) // length
    return row[: count * length].reshape(-1, length), row[1 : count * length + 1].reshape(-1, length)
