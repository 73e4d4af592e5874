"""Gradients kept within bounds."""

from collections.abc import Sequence

import tensorflow as tf

from schemas.updates import Clip


def clipped(gradients: Sequence[tf.Tensor], clip: Clip | None) -> list[tf.Tensor]:
    """An update's gradients, bounded; as Keras' clipvalue, clipnorm and global_clipnorm.

    ``value``: min(max(g, −v), v) for each number. ``norm``: g · min(1, v/‖g‖) for each variable.
    ``global_norm``: the same with the norm over all variables together.
    """
    if clip is None:
        return list(gradients)
    if clip.value is not None:
        return [tf.clip_by_value(gradient, -clip.value, clip.value) for gradient in gradients]
    if clip.norm is not None:
        return [tf.clip_by_norm(gradient, clip.norm) for gradient in gradients]
    bounded: list[tf.Tensor] = tf.clip_by_global_norm(gradients, clip.global_norm)[0]
    return bounded
