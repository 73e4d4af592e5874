"""What a batch is judged by: its loss and the sums of its metrics, both in float32."""

from typing import Any

import tensorflow as tf

from runner.data.augment.augmentation import MixedTargets, hard
from runner.engine.step.learner import Learner
from runner.engine.step.weighted_targets import Targets, apart
from runner.model.losses import PerExample


def training_loss(learner: Learner, targets: Targets, predictions: tf.Tensor) -> tf.Tensor:
    """The loss that is trained: with the classes' weights, and label smoothing as it acts at this step."""
    return _batch_loss(learner, training_losses(learner, targets, predictions))


def training_losses(learner: Learner, targets: Targets, predictions: tf.Tensor) -> tf.Tensor:
    """What each example adds to b times the loss that is trained, without the model's penalties, shape ``(b,)``."""
    return _example_losses(learner.training_loss or learner.loss, targets, predictions, learner.class_weight)


def batch_loss(learner: Learner, targets: Targets, predictions: tf.Tensor) -> tf.Tensor:
    """The loss by which the model is evaluated: without the classes' weights."""
    return _batch_loss(learner, _example_losses(learner.loss, targets, predictions, None))


def _batch_loss(learner: Learner, losses: tf.Tensor) -> tf.Tensor:
    """(1/b)·Σᵢ lossᵢ plus the model's penalties."""
    mean = tf.reduce_mean(losses)
    return tf.add_n([mean, *learner.model.losses]) if learner.model.losses else mean


def _example_losses(loss: PerExample, targets: Targets, predictions: tf.Tensor, class_weight: Any) -> tf.Tensor:
    """wᵢ·w[yᵢ]·lossᵢ of each example, shape ``(b,)``.

    Args:
        loss: of each example.
        targets: of the examples, shape ``(b,)`` or ``(b, targets)``, with the weights wᵢ where they have some. An
            example of two has λ times the loss of its own target and 1 − λ times that of the other: the crossentropy
            with soft labels, because that is linear in them.
        predictions: the model's, shape ``(b, units)``.
        class_weight: w, shape ``(classes,)``; None: 1 for all. As in Keras a batch's sum is divided by the number of
            examples and not by the sum of their weights.
    """

    def weighed(targets: Targets) -> tf.Tensor:
        y, weight = apart(targets)
        losses = loss(y, predictions)
        if weight is not None:
            losses = losses * tf.cast(weight, losses.dtype)
        return losses if class_weight is None else losses * tf.gather(class_weight, y)

    if isinstance(targets, MixedTargets):
        return targets.share * weighed(targets.own) + (1 - targets.share) * weighed(targets.other)
    return weighed(targets)


def metric_sums(learner: Learner, targets: Targets, predictions: tf.Tensor) -> tf.Tensor:
    """Sum of each metric over a batch, shape ``(metrics,)``; every example counts the same, whatever its weight.

    An example of two counts with the target that has the larger share.
    """
    if not learner.metrics:
        return tf.zeros([0])
    y, _ = apart(hard(targets) if isinstance(targets, MixedTargets) else targets)
    return tf.stack([tf.reduce_sum(metric(y, predictions)) for metric in learner.metrics])
