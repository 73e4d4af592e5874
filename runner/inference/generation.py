"""Text that a saved language model writes, a token at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.text.tokens import END
from runner.data.text.vocabulary import FIRST
from runner.errors import InputError
from runner.inference.predictor import compile_prediction
from runner.inference.saved_model import core_of, vectorization_of, vocabulary_of


@dataclass(frozen=True)
class Generated:
    """What was written after a prompt.

    Attributes:
        text: the tokens with blanks between words, or the characters as they are; without the prompt.
        tokens: how many.
        ended: whether the model ended the text before its length.
        unknown: tokens of the prompt that the model does not know.
    """

    text: str
    tokens: int
    ended: bool
    unknown: int


class Generator:
    """Writes on with a saved language model.

    Args:
        model: as it was saved: texts to probabilities of the next token.
    """

    def __init__(self, model: Any) -> None:
        core = core_of(model)
        self._vectorization, self._names = vectorization_of(model), vocabulary_of(model)
        self._steps = int(core.input_shape[1])
        self._logits: Callable[[Any], NDArray[np.float32]] = compile_prediction(core)
        self._between = "" if self._vectorization.get_config()["split"] == "character" else " "

    def __call__(self, prompt: str, length: int, temperature: float, seed: int) -> Generated:
        """Draw tokens one after another: token t from softmax(logits / temperature) after all tokens before it.

        The model sees the last T tokens, the length of its sequences. Padding and unknown tokens are not drawn; where
        the training texts had ends, the text ends where one is drawn. Without a prompt it begins as after an end.

        Args:
            prompt: what the text begins with.
            length: most tokens that are written.
            temperature: above 0; 0 takes the most probable token each time. 1 draws by the model's probabilities, less
                makes probable tokens more so.
            seed: of the draws: token t takes draw t of a Philox generator, so that a longer text begins with a shorter.

        Raises:
            InputError: there is no token to begin with.
        """
        numbers = self._numbers(prompt)
        known, draws = len(numbers), np.random.Generator(np.random.Philox(key=seed)).random(length)
        end = self._names.index(END) if END in self._names else None
        unknown = int((np.array(numbers) < FIRST).sum())
        ended = False
        while len(numbers) < known + length and not ended:
            number = chosen(self._next(numbers), temperature, draws[len(numbers) - known])
            ended = number == end
            numbers += [] if ended else [number]
        written = [self._names[number] for number in numbers[known:]]
        return Generated(self._between.join(written), len(written), ended, unknown)

    def joined(self, prompt: str, written: str) -> str:
        """The prompt and what was written after it."""
        return written if not prompt else f"{prompt}{self._between if written else ''}{written}"

    def _numbers(self, prompt: str) -> list[int]:
        found = [int(number) for number in np.asarray(self._vectorization([prompt]))[0]] if prompt else []
        if not found and END in self._names:
            return [self._names.index(END)]
        if not found:
            raise InputError(
                "--prompt: must have a token for the text to go on from; received "
                + ("none" if not prompt else "nothing but what the model leaves out"),
                'write `--prompt "…"` with a few words of the training text',
            )
        return found

    def _next(self, numbers: list[int]) -> NDArray[np.float32]:
        """Logits of the token after some, shape ``(classes,)``."""
        seen = numbers[-self._steps :]
        row = np.zeros((1, self._steps), np.float32)
        row[0, : len(seen)] = seen
        return np.asarray(self._logits(row)[0, len(seen) - 1])


def chosen(logits: NDArray[np.float32], temperature: float, draw: float) -> int:
    """The number of a token: the first at which the sum of the probabilities is above ``draw``.

    Args:
        logits: of all tokens, shape ``(classes,)``; padding and unknown tokens are left out.
        temperature: divides them; 0: the most probable token.
        draw: from 0 to 1, without 1.
    """
    own = logits[FIRST:].astype(np.float64)
    if temperature == 0:
        return int(own.argmax()) + FIRST
    scaled = (own - own.max()) / temperature
    sums = np.cumsum(np.exp(scaled))
    return int(np.searchsorted(sums, draw * sums[-1], side="right")) + FIRST
