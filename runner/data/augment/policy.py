"""RandAugment: each image gets a few operations, drawn from a list, of one strength."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from runner.data.augment import color_ops, image_ops
from runner.data.augment.draws import Float64, Places
from runner.data.augment.geometry import Frame, affine, rotated
from runner.data.augment.timing import Timed
from schemas.image_changes import RandAugment

STRONGEST = 30
"""The largest magnitude."""
IDENTITY, MOVES = ("identity",), ("shear_x", "shear_y", "translate_x", "translate_y", "rotate")
COLORS: dict[str, Callable[[tf.Tensor, tf.Tensor], tf.Tensor]] = {
    "brightness": color_ops.brightness,
    "color": color_ops.color,
    "contrast": color_ops.contrast,
    "sharpness": color_ops.sharpness,
    "posterize": color_ops.posterize,
    "solarize": color_ops.solarize,
    "autocontrast": color_ops.autocontrast,
    "equalize": color_ops.equalize,
}
OPERATIONS = (*IDENTITY, *MOVES, *COLORS)
"""Those of the paper (Cubuk et al. 2019), each as likely."""


@dataclass(frozen=True)
class Round:
    """One of the operations that each image gets.

    The numbers of an image are the operation's place in ``OPERATIONS``, the first two rows of its matrix, and its
    parameter.
    """

    item: Timed[RandAugment]
    number: int
    """Of the round, 0-based."""
    frame: Frame
    width: int = 8

    def drawn(self, places: Places) -> Float64:
        """Shape ``(n, 8)``; the identity where the transform does not act."""
        transform = self.item.transform
        u = self.item.numbers(places, 1 + 2 * transform.operations)
        acts = u[:, 0] < transform.probability
        own = u[:, 1 + 2 * self.number : 3 + 2 * self.number]
        chosen = np.where(acts, np.minimum(np.floor(own[:, 0] * len(OPERATIONS)), len(OPERATIONS) - 1), 0)
        signed = np.where(own[:, 1] < 0.5, -1.0, 1.0) * transform.magnitude / STRONGEST
        strength = transform.magnitude / STRONGEST
        return np.concatenate(
            [chosen[:, None], self._matrices(chosen, signed), _parameters(chosen, signed, strength)[:, None]], axis=1
        )

    def _matrices(self, chosen: Float64, signed: Float64) -> Float64:
        n, found = len(chosen), np.tile(np.eye(3), (len(chosen), 1, 1))
        y, x = (self.frame.height - 1) / 2, (self.frame.width - 1) / 2
        made = {
            "shear_x": affine(n, xy=0.3 * signed, offset_x=-0.3 * signed * y),
            "shear_y": affine(n, yx=0.3 * signed, offset_y=-0.3 * signed * x),
            "translate_x": affine(n, offset_x=150 / 331 * self.frame.width * signed),
            "translate_y": affine(n, offset_y=150 / 331 * self.frame.height * signed),
            "rotate": rotated(np.radians(30 * signed), self.frame),
        }
        for name, matrix in made.items():
            found = np.where((chosen == OPERATIONS.index(name))[:, None, None], matrix, found)
        return found[:, :2].reshape(n, 6)

    def applied(self, images: tf.Tensor, values: tf.Tensor, *, stored_as_bytes: bool) -> tf.Tensor:
        """Each image by the operation that it drew; every operation sees its own images alone."""
        chosen, matrices, parameters = values[:, 0], values[:, 1:7], values[:, 7]
        moved = tf.logical_and(chosen >= 1, chosen <= len(MOVES))
        images = _on_some(images, moved, lambda some, where: self._moved(some, tf.gather(matrices, where)))
        for name, operation in COLORS.items():
            mine = tf.equal(chosen, float(OPERATIONS.index(name)))
            images = _on_some(images, mine, _with(operation, parameters))
        return images

    def _moved(self, images: tf.Tensor, matrices: tf.Tensor) -> tf.Tensor:
        return image_ops.resampled(images, matrices, self.item.transform.fill, exact=False)


Operation = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


def _with(operation: Operation, parameters: tf.Tensor) -> Operation:
    """The operation on some images, with the parameters of those."""
    return lambda some, where: operation(some, tf.reshape(tf.gather(parameters, where), [-1, 1, 1, 1]))


def _on_some(images: tf.Tensor, mask: tf.Tensor, operation: Operation) -> tf.Tensor:
    """The images, those in the mask being changed; ``operation`` has them and their places."""
    where = tf.where(mask)[:, 0]
    changed = tf.ensure_shape(operation(tf.gather(images, where), where), [None, *images.shape[1:]])
    return tf.tensor_scatter_nd_update(images, where[:, tf.newaxis], changed)


def _parameters(chosen: Float64, signed: Float64, strength: float) -> Float64:
    """Factors 1 ± 0.9·m, 8 to 4 bits, or a threshold from 255 down to 0; m is the magnitude's share of the largest."""
    found = 1 + 0.9 * signed
    found = np.where(chosen == OPERATIONS.index("posterize"), 8 - round(4 * strength), found)
    return np.where(chosen == OPERATIONS.index("solarize"), 255 * (1 - strength), found)
