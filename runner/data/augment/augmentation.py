"""What a recipe's list of transforms does to the examples of a batch.

The host draws the numbers of every example, a pure function of (seed, epoch, place in the epoch); the device computes
images from them and draws nothing. So nothing depends on how many steps a call makes, on where examples are read from,
on the parts that a batch is computed in, or on where a run was interrupted; there is no state to save.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.data.augment.draws import Places
from runner.data.augment.geometry import Frame
from runner.data.augment.mixing import Mixture
from runner.data.augment.stages import stages_of
from runner.data.augment.timing import Clock, Timed
from schemas.augment import Augment

Float32 = NDArray[np.float32]


class MixedTargets(NamedTuple):
    """Targets of examples that are made of two; each is a tensor, or a pair of targets and weights."""

    own: Any
    other: Any
    share: tf.Tensor
    """λ, how much of each is its own, shape ``(b,)``."""


def hard(targets: MixedTargets) -> Any:
    """The targets with the larger share, by which metrics go."""
    own = targets.share >= 0.5

    def larger(one: tf.Tensor, other: tf.Tensor) -> tf.Tensor:
        return tf.where(tf.reshape(own, [-1, *[1] * (one.shape.rank - 1)]), one, other)

    return tf.nest.map_structure(larger, targets.own, targets.other)


class Augmentation:
    """A list of transforms, for images of one size.

    Args:
        transforms: what is done, in this order.
        ends: for each, the first step without it; None: it acts throughout.
        frame: sides of the images.
        clock: says which step an example belongs to.
    """

    def __init__(self, transforms: Sequence[Augment], ends: Sequence[int | None], frame: Frame, clock: Clock) -> None:
        listed = enumerate(zip(transforms, ends, strict=True))
        timed = [Timed(transform, number, off, clock) for number, (transform, off) in listed]
        mixing: list[Timed[Any]] = [item for item in timed if item.transform.mixes]
        self._stages = stages_of([item for item in timed if not item.transform.mixes], frame)
        self.mixture = Mixture(mixing, len(timed), frame) if mixing else None

    @property
    def width(self) -> int:
        """Numbers of an example."""
        return sum(stage.width for stage in self._stages) + (self.mixture.width if self.mixture is not None else 0)

    def drawn(self, places: Places) -> Float32:
        """All numbers of the examples at these places of an epoch, shape ``(n, width)``."""
        parts = [stage.drawn(places) for stage in self._stages]
        if self.mixture is not None:
            parts.append(self.mixture.drawn(places))
        return np.concatenate(parts, axis=1).astype(np.float32)

    def images(self, stored: tf.Tensor, drawn: tf.Tensor) -> tf.Tensor:
        """Changed images, each by itself.

        Args:
            stored: a batch as it is stored, shape ``(b, height, width)`` or ``(b, height, width, channels)``.
            drawn: its numbers.

        Returns:
            float32 in the range of the stored values, in their shape.
        """
        stored_as_bytes, flat = stored.dtype == tf.uint8, stored.shape.rank == 3
        images, first = tf.cast(stored[..., tf.newaxis] if flat else stored, tf.float32), 0
        for stage in self._stages:
            values = drawn[:, first : first + stage.width]
            images, first = stage.applied(images, values, stored_as_bytes=stored_as_bytes), first + stage.width
        return images[..., 0] if flat else images

    def mixed(
        self, images: tf.Tensor, others: tf.Tensor, targets: Any, their: Any, drawn: tf.Tensor
    ) -> tuple[tf.Tensor, MixedTargets]:
        """Examples made of two; only where there is a mixture.

        Args:
            images: changed images.
            others: the changed image that each is mixed with.
            targets: of the images.
            their: targets of the others.
            drawn: numbers of the images.
        """
        assert self.mixture is not None
        values, flat = drawn[:, -self.mixture.width :], images.shape.rank == 3
        if flat:
            images, others = images[..., tf.newaxis], others[..., tf.newaxis]
        made = self.mixture.applied(images, others, values)
        return made[..., 0] if flat else made, MixedTargets(targets, their, self.mixture.label_share(values))
