"""Loss scaling: gradients in float16 that neither vanish nor overflow.

Keras does it in a wrapper around the optimizer, which swallows what is assigned to it; here it is part of our own
step, and the optimizer stays the plain one, with the learning rate and the momentum that the loop drives.
"""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

INITIAL = 2.0**15
GROWTH = 2000
"""Updates without an overflow after which the scale is doubled, as Keras has it."""
_LARGEST = 2.0**24


class LossScale:
    """s: the loss is multiplied by s before the backward pass, the gradients are divided by s after it.

    s ← s/2 when a gradient is not finite, and that update is skipped; s ← 2·s after ``growth`` finite ones in
    a row; 1 ≤ s ≤ 2²⁴. Powers of two change no digit of a number that stays in float16's range. At s = 1 nothing
    is left to halve: the update is made as it is, and a loss that is not finite ends the run.
    """

    def __init__(self, initial: float = INITIAL, growth: int = GROWTH) -> None:
        self.growth = growth
        self.scale = _variable(initial, tf.float32)
        self.finite_updates = _variable(0, tf.int32)

    @property
    def variables(self) -> list[Any]:
        """The scale, and for how many updates it has been right."""
        return [self.scale, self.finite_updates]

    def unscaled(self, gradients: Sequence[tf.Tensor]) -> list[tf.Tensor]:
        """Gradients of the loss itself."""
        return [gradient / self.scale for gradient in gradients]

    def admits(self, finite: tf.Tensor) -> tf.Tensor:
        """Whether the update is made."""
        return tf.logical_or(finite, self.scale <= 1.0)

    def adjust(self, finite: tf.Tensor) -> None:
        """Halve or double the scale for the next update."""
        count = self.finite_updates + 1
        grow = count >= self.growth
        larger = tf.minimum(self.scale * tf.where(grow, 2.0, 1.0), _LARGEST)
        self.scale.assign(tf.where(finite, larger, tf.maximum(self.scale / 2, 1.0)))
        self.finite_updates.assign(tf.where(tf.logical_and(finite, tf.logical_not(grow)), count, 0))


def all_finite(tensors: Sequence[tf.Tensor]) -> tf.Tensor:
    """Whether every number of every tensor is finite."""
    return tf.reduce_all([tf.reduce_all(tf.math.is_finite(tensor)) for tensor in tensors])


def _variable(value: float, dtype: Any) -> tf.Variable:
    # All replicas see the same gradients and come to the same scale.
    aggregation = tf.VariableAggregation.ONLY_FIRST_REPLICA
    return tf.Variable(value, trainable=False, dtype=dtype, name="loss_scale", aggregation=aggregation)
