"""Evaluation of a split, compiled as well."""

from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf

from runner.build.arrays import Examples
from runner.engine.learner import Learner
from runner.engine.measures import batch_loss, metric_sums
from runner.engine.steps import resident

Evaluate = Callable[[], dict[str, float]]
BATCH = 1000
"""Examples a batch; results do not depend on it but for rounding."""


def compile_evaluation(learner: Learner, examples: Examples, names: Sequence[str]) -> Evaluate:
    """A function that evaluates the model as it is now, with dropout off.

    Args:
        learner: model, loss and metrics.
        examples: the split; it stays on the device.
        names: names of the metrics, without ``loss``.

    Returns:
        ``loss`` (with regularizers) and each metric, as means over the examples.
    """
    inputs, targets = resident(learner, examples)
    replicas = learner.replicas
    total = len(examples)
    starts = np.arange(0, total, BATCH, dtype=np.int32)

    def evaluate(x: tf.Tensor, y: tf.Tensor, batch: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        share = replicas.share(batch)
        y = tf.gather(y, share)
        predictions = learner.model(tf.cast(tf.gather(x, share), tf.float32), training=False)
        loss = tf.cast(batch_loss(learner, y, predictions), tf.float32)
        weight = replicas.weight(share, batch)
        if weight is not None:
            loss = tf.math.multiply_no_nan(loss, weight)
        return replicas.combine(loss, metric_sums(learner, y, predictions), [])[:2]

    @tf.function  # type: ignore[untyped-decorator]
    def run() -> tuple[tf.Tensor, tf.Tensor]:
        count = len(starts)
        losses, sums = (tf.TensorArray(tf.float32, count) for _ in range(2))
        for i in tf.range(count):
            batch = tf.range(i * BATCH, tf.minimum((i + 1) * BATCH, total))
            loss, sum_ = replicas.first(replicas.run(evaluate, inputs, targets, batch))
            losses, sums = losses.write(i, loss), sums.write(i, sum_)
        return losses.stack(), sums.stack()

    sizes = np.minimum(starts + BATCH, total) - starts

    def call() -> dict[str, float]:
        losses, sums = (tensor.numpy().astype(np.float64) for tensor in run())
        values = {"loss": float(losses @ sizes / total)}
        return values | {name: float(column.sum() / total) for name, column in zip(names, sums.T, strict=True)}

    return call
