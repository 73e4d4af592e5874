"""Scaling of what a regression predicts: the model's last layer gives it in its own units, and the loss is scaled."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from runner.data.examples import Split
from runner.model.losses import PerExample
from runner.model.scaling import moments

TARGET_UNITS = "target_units"
"""Name of the model's last layer, which no layer of a recipe may have."""


def target_layer(wanted: str | None, train: Callable[[], Split]) -> Any:
    """The layer p = m + d · z behind the recipe's output z, or None where targets are not scaled.

    The mean m and the standard deviation d (divided by n, not n − 1) of each target are those of the training part, in
    float64; of a target that does not vary d is 1. A saved model thus predicts in the target's units.

    Args:
        wanted: the recipe's ``data.target_scale``.
        train: gives the training examples; asked where their mean is wanted.
    """
    if wanted is None:
        return None
    mean, variance = (np.atleast_1d(each) for each in moments(train(), lambda part: part.y))
    deviation = np.sqrt(np.where(variance > 0, variance, 1.0))
    return keras.layers.Rescaling(deviation.tolist(), mean.tolist(), name=TARGET_UNITS, dtype="float32")


def scaled_loss(loss: PerExample, model: Any) -> PerExample:
    """The loss of (y − m)/d against (p − m)/d, where the model has a layer of :func:`target_layer`.

    Args:
        loss: of targets and outputs in one unit.
        model: says by its last layer how they are scaled; without such a layer the loss stays as it is.
    """
    layer = next((layer for layer in model.layers if layer.name == TARGET_UNITS), None)
    if layer is None:
        return loss
    mean, deviation = np.array(layer.offset, np.float32), np.array(layer.scale, np.float32)

    def scaled(y: tf.Tensor, p: tf.Tensor) -> tf.Tensor:
        targets = tf.cast(tf.reshape(y, [-1, p.shape[-1]]), p.dtype)
        return loss((targets - mean) / deviation, (p - mean) / deviation)

    return scaled
