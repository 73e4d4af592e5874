"""What a batch is judged by: its loss and the sums of its metrics, both in float32."""

from typing import Any

import tensorflow as tf

from runner.engine.step.learner import Learner
from runner.model.losses import PerExample


def training_loss(learner: Learner, y: tf.Tensor, predictions: tf.Tensor) -> tf.Tensor:
    """The loss that is trained: with the classes' weights, and label smoothing as it acts at this step."""
    return batch_loss(learner, y, predictions, learner.class_weight, loss=learner.training_loss or learner.loss)


def batch_loss(
    learner: Learner,
    y: tf.Tensor,
    predictions: tf.Tensor,
    class_weight: Any = None,
    loss: PerExample | None = None,
) -> tf.Tensor:
    """(1/b)·Σᵢ w[yᵢ]·lossᵢ plus the model's penalties.

    Args:
        learner: model and loss.
        y: targets, shape ``(b,)``.
        predictions: the model's, shape ``(b, units)``.
        class_weight: w, shape ``(classes,)``; None: 1 for all. As in Keras the sum is divided by the number of
            examples and not by the sum of their weights.
        loss: in place of the learner's own.
    """
    losses = (loss or learner.loss)(y, predictions)
    if class_weight is not None:
        losses = losses * tf.gather(class_weight, y)
    mean = tf.reduce_mean(losses)
    return tf.add_n([mean, *learner.model.losses]) if learner.model.losses else mean


def metric_sums(learner: Learner, y: tf.Tensor, predictions: tf.Tensor) -> tf.Tensor:
    """Sum of each metric over a batch, shape ``(metrics,)``."""
    if not learner.metrics:
        return tf.zeros([0])
    return tf.stack([tf.reduce_sum(metric(y, predictions)) for metric in learner.metrics])
