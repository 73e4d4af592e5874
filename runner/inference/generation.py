"""Text that a saved language model writes, a token at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from runner.data.text.tokens import END
from runner.data.text.vocabulary import FIRST
from runner.errors import InputError
from runner.inference.predictor import compile_prediction
from runner.inference.sampling import Sampling, chosen
from runner.inference.saved_model import core_of, vectorization_of, vocabulary_of

Finish = Literal["length", "end", "stop"]
"""Why a text is over: it has ``max_tokens``, the model has ended it, or it has come to a text of ``stop``."""


@dataclass(frozen=True)
class Generated:
    """What was written after a prompt.

    Attributes:
        text: the tokens with blanks between words, or the characters as they are; without the prompt.
        tokens: how many.
        finish: why no more.
        unknown: tokens of the prompt that the model does not know.
    """

    text: str
    tokens: int
    finish: Finish
    unknown: int


class Generator:
    """Writes on with a saved language model, of which it sees the last T tokens, the length of its sequences.

    Padding and unknown tokens are not drawn; where the training texts had ends, a text ends where one is drawn. Without
    a prompt it begins as after an end.

    Args:
        model: as it was saved: texts to probabilities of the next token.
        sampling: how tokens are drawn.

    Raises:
        InputError: a text of ``stop`` has no token, or one that the model never writes.
    """

    def __init__(self, model: Any, sampling: Sampling | None = None) -> None:
        core = core_of(model)
        self.sampling = sampling or Sampling()
        self.names = vocabulary_of(model)
        self._vectorization = vectorization_of(model)
        self._steps = int(core.input_shape[1])
        self._logits: Callable[[Any], NDArray[np.float32]] = compile_prediction(core)
        self.between = "" if self._vectorization.get_config()["split"] == "character" else " "
        """What is between two tokens."""
        self.end = self.names.index(END) if END in self.names else None
        """Number of the token that ends a text."""
        self.stops = tuple(self._stop(text) for text in self.sampling.stop)
        """Numbers of the tokens before which a text ends."""

    def __call__(self, prompt: str = "", sample: int = 0) -> Generated:
        """A whole text; arguments and errors as of :meth:`stream`."""
        writing = self.stream(prompt, sample)
        for _ in writing:
            pass
        return writing.written

    def stream(self, prompt: str = "", sample: int = 0) -> "Writing":
        """A text while it is written, as an iterator of its pieces.

        Args:
            prompt: what the text begins with.
            sample: number of the text, from 0: others of the same seed are written from the same prompt.

        Raises:
            InputError: there is no token to begin with.
        """
        return Writing(self, self._begun(prompt), sample)

    def joined(self, prompt: str, written: str) -> str:
        """The prompt and what was written after it."""
        return written if not prompt else f"{prompt}{self.between if written else ''}{written}"

    def logits(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        """Logits of the token after some, shape ``(classes,)``."""
        seen = numbers[-self._steps :]
        row = np.zeros((1, self._steps), np.float32)
        row[0, : len(seen)] = seen
        return np.asarray(self._logits(row)[0, len(seen) - 1])

    def _numbers(self, text: str) -> list[int]:
        return [int(number) for number in np.asarray(self._vectorization([text]))[0]] if text else []

    def _begun(self, prompt: str) -> list[int]:
        found = self._numbers(prompt)
        if not found and self.end is not None:
            return [self.end]
        if not found:
            raise InputError(
                "prompt: must have a token for the text to go on from; received "
                + ("none" if not prompt else "nothing but what the model leaves out"),
                'give a few words of the training text, as in `--prompt "Once upon a time"`',
            )
        return found

    def _stop(self, text: str) -> list[int]:
        found = self._numbers(text)
        if not found or min(found) < FIRST:
            what = "a token that the model never writes" if found else "no token"
            raise InputError(f"stop: {text!r} has {what}", "take a text of tokens that the training text has")
        return found


class Writing:
    """A text while it is written.

    As an iterator it gives the pieces, which joined are the whole text: a character, or a word with the blank before
    it. What may be the beginning of a text of ``stop`` is held back until it is known not to be.

    Args:
        by: what draws the tokens.
        begun: numbers of the tokens that are there.
        sample: which of several texts.
    """

    def __init__(self, by: Generator, begun: Sequence[int], sample: int) -> None:
        self.unknown = int((np.array(begun) < FIRST).sum())
        """Tokens of the prompt that the model does not know."""
        self._by, self._begun, self._tokens = by, tuple(begun), list[int]()
        self._finish: Finish = "length"
        self._pieces = self._written(sample)

    def __iter__(self) -> Iterator[str]:
        return self._pieces

    @property
    def written(self) -> Generated:
        """What there is of the text so far."""
        text = self._by.between.join(self._by.names[number] for number in self._tokens)
        return Generated(text, len(self._tokens), self._finish, self.unknown)

    def _written(self, sample: int) -> Iterator[str]:
        by, tokens, given = self._by, self._tokens, 0
        for draw in by.sampling.draws(sample):
            number = chosen(by.logits((*self._begun, *tokens)), by.sampling, draw)
            if number == by.end:
                self._finish = "end"
                break
            tokens.append(number)
            stop = next((stop for stop in by.stops if tokens[-len(stop) :] == stop), None)
            if stop is not None:
                self._finish = "stop"
                del tokens[-len(stop) :]
                break
            certain = len(tokens) - self._held()
            yield from self._texts(given, certain)
            given = max(given, certain)
        yield from self._texts(given, len(tokens))

    def _texts(self, start: int, stop: int) -> Iterator[str]:
        for place in range(start, stop):
            yield f"{self._by.between if place else ''}{self._by.names[self._tokens[place]]}"

    def _held(self) -> int:
        """How many tokens at the end may be the beginning of a text of ``stop``."""
        return max(
            (k for stop in self._by.stops for k in range(1, len(stop)) if self._tokens[-k:] == stop[:k]), default=0
        )
