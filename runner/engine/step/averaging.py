"""Averaged weights: what is validated and exported, while training goes on with the weights themselves."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import tensorflow as tf


class Average:
    """w̄ ← d·w̄ + (1−d)·w after every update, w̄ = w after the first one; as Keras' ``use_ema``.

    Args:
        decay: d.
        weights: the model's trainable variables; w̄ has their shapes and stays on their device.
    """

    def __init__(self, decay: float, weights: Sequence[Any]) -> None:
        self.decay, self.weights = decay, list(weights)
        self.variables = [_copy(weight) for weight in weights]

    def update(self, iterations: tf.Tensor) -> None:
        """Follow the weights; part of the compiled step.

        Args:
            iterations: updates made so far, this one included. Before the first w̄ counts for nothing: weights
                that nobody has trained would stay in the average for a thousand updates.
        """
        decay = tf.where(tf.equal(iterations, 1), 0.0, tf.constant(self.decay, tf.float32))
        for average, weight in zip(self.variables, self.weights, strict=True):
            average.assign(decay * average + (1 - decay) * weight.value)

    def adopt(self) -> None:
        """Give the model the averaged weights for good."""
        _assign(self.weights, self.variables)

    @contextmanager
    def acting(self) -> Iterator[None]:
        """While the block runs the model has the averaged weights; afterwards its own, bit for bit."""
        own = [tf.identity(weight.value) for weight in self.weights]
        self.adopt()
        try:
            yield
        finally:
            _assign(self.weights, own)


def _copy(weight: Any) -> tf.Variable:
    # Every replica computes the same average, so that the first one's is as good as any.
    aggregation = tf.VariableAggregation.ONLY_FIRST_REPLICA
    return tf.Variable(np.array(weight), trainable=False, name="average", aggregation=aggregation)


def _assign(targets: Sequence[Any], values: Sequence[Any]) -> None:
    for target, value in zip(targets, values, strict=True):
        target.assign(value)
