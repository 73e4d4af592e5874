"""The sequences that a language model predicts worst, and the token of each that it expected least."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.data.examples import Examples, Split
from runner.data.text.tokens import TokenVocabulary
from runner.engine.step.tracing import compiled

MOST = 5
"""Sequences that are told."""
_TOKENS = 1000
"""Tokens a call, whose logits are in memory together."""
_BEFORE = 8
"""Tokens that are told before the one."""
_CHARACTERS = 40


@dataclass(frozen=True)
class Surprise:
    """The token of a sequence that had the lowest probability.

    Attributes:
        loss: of the sequence, −(1/T)·Σₜ ln p(token t).
        before: the end of what the model saw.
        token: what came.
        probability: of it.
        expected: the token with the highest probability there.
        expected_probability: of that.
    """

    loss: float
    before: str
    token: str
    probability: float
    expected: str
    expected_probability: float


@dataclass(frozen=True, order=True)
class _Hard:
    """A sequence, ordered by its loss; of equals the later one first."""

    loss: float
    place: int
    step: int
    seen: tuple[int, ...]
    numbers: tuple[int, int]
    probabilities: tuple[float, float]


def surprises(model: Any, vocabulary: TokenVocabulary, split: Split, most: int = MOST) -> tuple[Surprise, ...]:
    """Those of the sequences with the highest loss, the highest first.

    Args:
        model: the trained one, from numbers of tokens ``(b, T)`` to logits ``(b, T, classes)``.
        vocabulary: of the tokens.
        split: the sequences.
        most: how many are told.
    """
    hardest = heapq.nlargest(most, _each(model, split))
    return tuple(_told(hard, vocabulary) for hard in hardest)


def _told(hard: _Hard, vocabulary: TokenVocabulary) -> Surprise:
    token, expected = (vocabulary.names[number] for number in hard.numbers)
    span = _CHARACTERS if vocabulary.kind == "characters" else _BEFORE
    return Surprise(
        hard.loss,
        vocabulary.text(hard.seen[-span:]),
        token,
        hard.probabilities[0],
        expected,
        hard.probabilities[1],
    )


def _each(model: Any, split: Split) -> Iterator[_Hard]:
    size, judge, place = max(_TOKENS // int(model.input_shape[1]), 1), _judge(model), 0
    for block in [split] if isinstance(split, Examples) else split.blocks(size):
        for start in range(0, len(block), size):
            piece = block.at(slice(start, start + size))
            own, best, highest = (np.asarray(tensor) for tensor in judge(piece.x, piece.y))
            for x, y, logs, guesses, tops in zip(piece.x, piece.y, own, best, highest, strict=True):
                step = int(logs.argmin())
                yield _Hard(
                    float(-logs.mean(dtype=np.float64)),
                    -place,
                    step,
                    tuple(map(int, x[: step + 1])),
                    (int(y[step]), int(guesses[step])),
                    (float(np.exp(logs[step])), float(np.exp(tops[step]))),
                )
                place += 1


def _judge(model: Any) -> Callable[[NDArray[Any], NDArray[Any]], tuple[Any, Any, Any]]:
    """Logarithm of the probability of each target, the most probable token and the logarithm of its probability."""

    def judged(x: tf.Tensor, y: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        logs = tf.nn.log_softmax(tf.cast(model(x, training=False), tf.float32))
        return tf.gather(logs, y, batch_dims=2), tf.argmax(logs, axis=-1), tf.reduce_max(logs, axis=-1)

    steps = [None, model.input_shape[1]]
    run = compiled(
        judged, own_code=False, input_signature=[tf.TensorSpec(steps, tf.float32), tf.TensorSpec(steps, tf.int32)]
    )
    return lambda x, y: run(tf.constant(x, tf.float32), tf.constant(y, tf.int32))
