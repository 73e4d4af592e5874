"""Evaluation of a split, compiled as well."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.data.examples import Examples, Split
from runner.data.feed import arguments, in_memory, opening
from runner.data.streaming.block_order import StreamedSplit
from runner.engine.step.batch_metrics import batch_loss, metric_sums
from runner.engine.step.learner import Learner
from runner.engine.step.weighted_targets import Targets, gathered

Evaluate = Callable[[], dict[str, float]]
Float32 = NDArray[np.float32]
Run = Callable[[], tuple[Float32, Float32]]
"""→ mean loss and metric sums of every batch."""
BATCH = 1000
"""Examples a batch; results do not depend on it but for rounding."""


def compile_evaluation(learner: Learner, split: Split, names: Sequence[str]) -> Evaluate:
    """A function that evaluates the model as it is now, with dropout off.

    Args:
        learner: model, loss and metrics.
        split: the examples; those in memory stay on the device.
        names: names of the metrics, without ``loss``.

    Returns:
        ``loss`` (with regularizers) and each metric, as means over the examples.
    """
    run = _streaming(learner, split) if isinstance(split, StreamedSplit) else _resident(learner, split)
    total = len(split)
    starts = np.arange(0, total, BATCH)
    sizes = np.minimum(starts + BATCH, total) - starts

    def call() -> dict[str, float]:
        losses, sums = (values.astype(np.float64) for values in run())
        values = {"loss": float(losses @ sizes / total)}
        return values | {name: float(column.sum() / total) for name, column in zip(names, sums.T, strict=True)}

    return call


def _of_a_batch(learner: Learner) -> Callable[[Any, Any, tf.Tensor], tuple[tf.Tensor, tf.Tensor]]:
    """Loss and metric sums of the examples of some inputs and targets, on all replicas."""
    replicas = learner.replicas

    def evaluate(x: tf.Tensor, y: Targets, batch: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        share = replicas.share(batch)
        y = gathered(y, share)
        predictions = learner.model(tf.cast(tf.gather(x, share), tf.float32), training=False)
        loss = tf.cast(batch_loss(learner, y, predictions), tf.float32)
        weight = replicas.weight(share, batch)
        if weight is not None:
            loss = tf.math.multiply_no_nan(loss, weight)
        return replicas.combine(loss, metric_sums(learner, y, predictions), [])[:2]

    return lambda x, y, batch: replicas.first(replicas.run(evaluate, x, y, batch))


def _resident(learner: Learner, split: Split) -> Run:
    """All batches in one call."""
    assert isinstance(split, Examples)
    inputs, targets = in_memory(learner.replicas, split)
    of_a_batch, total = _of_a_batch(learner), len(split)
    count = math.ceil(total / BATCH)

    @tf.function  # type: ignore[untyped-decorator]
    def run() -> tuple[tf.Tensor, tf.Tensor]:
        losses, sums = (tf.TensorArray(tf.float32, count) for _ in range(2))
        for i in tf.range(count):
            batch = tf.range(i * BATCH, tf.minimum((i + 1) * BATCH, total))
            loss, sum_ = of_a_batch(inputs, targets, batch)
            losses, sums = losses.write(i, loss), sums.write(i, sum_)
        return losses.stack(), sums.stack()

    return lambda: tuple(tensor.numpy() for tensor in run())


def _streaming(learner: Learner, split: StreamedSplit) -> Run:
    """A batch a call; the next one is read meanwhile."""
    examples, opened = opening(learner.replicas, split)
    of_a_batch = _of_a_batch(learner)

    @tf.function(input_signature=examples)  # type: ignore[untyped-decorator]
    def one(*fed: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return of_a_batch(*opened(*fed))

    def run() -> tuple[Float32, Float32]:
        rows = [one(*arguments(part)) for part in split.blocks(BATCH)]
        return np.stack([loss.numpy() for loss, _ in rows]), np.stack([sums.numpy() for _, sums in rows])

    return run
