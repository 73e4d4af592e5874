"""The operations of a list of transforms: what the host draws for each, and what the device makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Protocol

import numpy as np
import tensorflow as tf

from runner.data.augment import image_ops
from runner.data.augment.boxes import random_boxes
from runner.data.augment.draws import Float64, Places, between
from runner.data.augment.geometry import DRAWS, Frame, Geometric, is_exact, matrices
from runner.data.augment.policy import Round
from runner.data.augment.timing import Timed
from schemas import image_changes as schema
from schemas.image_changes import Brightness, Contrast, Erase, Fill, Flip, RandAugment


class Stage(Protocol):
    """One operation of the device."""

    @property
    def width(self) -> int:
        """Numbers that it needs of each example."""

    def drawn(self, places: Places) -> Float64:
        """These numbers, shape ``(n, width)``."""

    def applied(self, images: tf.Tensor, values: tf.Tensor, *, stored_as_bytes: bool) -> tf.Tensor:
        """Changed images; ``values`` are the drawn numbers, ``(b, width)``."""


@dataclass(frozen=True)
class Resampling:
    """Neighbouring changes of geometry, as one: their matrices are multiplied, and an image is resampled once."""

    items: Sequence[Timed[Geometric]]
    frame: Frame
    width: int = 6

    @property
    def fill(self) -> Fill:
        """What lies outside; a flip has no outside."""
        return next((item.transform.fill for item in self.items if not isinstance(item.transform, Flip)), "constant")

    def drawn(self, places: Places) -> Float64:
        """The first two rows of each matrix."""
        each = (matrices(item.transform, item.numbers(places, DRAWS), self.frame) for item in self.items)
        return reduce(np.matmul, each)[:, :2].reshape(len(places), 6)

    def applied(self, images: tf.Tensor, values: tf.Tensor, *, stored_as_bytes: bool) -> tf.Tensor:
        """Resampled images; values in between are in the range already."""
        exact = all(is_exact(item.transform) for item in self.items)
        return image_ops.resampled(images, values, self.fill, exact=exact)


@dataclass(frozen=True)
class Scaling:
    """A change of contrast or brightness."""

    item: Timed[Contrast] | Timed[Brightness]
    width: int = 1

    def drawn(self, places: Places) -> Float64:
        """The factor, 1 where the transform does not act."""
        transform, u = self.item.transform, self.item.numbers(places, 2)
        factor = between(u[:, 1], 1 - transform.factor, 1 + transform.factor)
        return np.where(u[:, 0] < transform.probability, factor, 1.0)[:, None]

    def applied(self, images: tf.Tensor, values: tf.Tensor, *, stored_as_bytes: bool) -> tf.Tensor:
        """Scaled values."""
        of_contrast = isinstance(self.item.transform, Contrast)
        change = image_ops.contrasted if of_contrast else image_ops.brightened
        return change(images, values, stored_as_bytes=stored_as_bytes)


@dataclass(frozen=True)
class Erasing:
    """Rectangles that are covered."""

    item: Timed[Erase]
    frame: Frame
    width: int = 4

    def drawn(self, places: Places) -> Float64:
        """Top, bottom, left and right; an empty rectangle where the transform does not act."""
        transform, u = self.item.transform, self.item.numbers(places, 5)
        low, high = transform.area
        ratio = np.exp(between(u[:, 2], np.log(transform.ratio), -np.log(transform.ratio)))
        boxes = random_boxes(between(u[:, 1], low, high), ratio, u[:, 3:5], self.frame)
        return np.where((u[:, 0] < transform.probability)[:, None], boxes, 0.0)

    def applied(self, images: tf.Tensor, values: tf.Tensor, *, stored_as_bytes: bool) -> tf.Tensor:
        """Covered images."""
        value = self.item.transform.value
        return image_ops.erased(images, values, None if value == "mean" else float(value))


def stages_of(items: Sequence[Timed[Any]], frame: Frame) -> list[Stage]:
    """The operations of transforms that change one image each, in their order."""
    return [stage for group in _groups(items) for stage in _stages(group, frame)]


def _stages(group: Sequence[Timed[Any]], frame: Frame) -> list[Stage]:
    match group[0].transform:
        case Contrast() | Brightness():
            return [Scaling(group[0])]
        case Erase():
            return [Erasing(group[0], frame)]
        case RandAugment(operations=rounds):
            return [Round(group[0], number, frame) for number in range(rounds)]
        case _:
            return [Resampling(group, frame)]


def _groups(items: Sequence[Timed[Any]]) -> list[list[Timed[Any]]]:
    groups: list[list[Timed[Any]]] = []
    for item in items:
        if groups and _joins(groups[-1], item):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _joins(group: Sequence[Timed[Any]], item: Timed[Any]) -> bool:
    """Whether a transform is one operation with those before it: all move pixels, and agree on what lies outside."""
    moving = [each.transform for each in (*group, item)]
    if any(isinstance(each, RandAugment) for each in moving):
        return False
    if not all(isinstance(each, schema.Flip | schema.Geometric) for each in moving):
        return False
    return len({each.fill for each in moving if isinstance(each, schema.Geometric)}) <= 1
