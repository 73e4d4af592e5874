"""Layers with several inputs, apart from their sum."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.layers.merging import MergeBase, both, differ, misfit
from schemas.layers.shape import Known
from schemas.tagged import by_tag


class Subtract(MergeBase):
    """Element-wise difference: the first input minus the second."""

    takes: ClassVar[tuple[int, int | None]] = (2, 2)

    kind: Literal["subtract"]


class Multiply(MergeBase):
    """Element-wise product of the inputs."""

    kind: Literal["multiply"]


class Average(MergeBase):
    """Element-wise mean of the inputs."""

    kind: Literal["average"]


class Maximum(MergeBase):
    """Element-wise maximum of the inputs."""

    kind: Literal["maximum"]


class Minimum(MergeBase):
    """Element-wise minimum of the inputs."""

    kind: Literal["minimum"]


class Concatenate(MergeBase):
    """Concatenates the inputs along an axis; all other sides must be equal."""

    kind: Literal["concatenate"]
    axis: Annotated[int, Field(ge=-8, le=8)] = -1
    """As in Keras: -1 is the last axis (channels, units), 1 the first one after the batch."""

    def gives_mask_of(self, given: Sequence[bool]) -> bool:
        """If any input has one: of an input without a mask every step counts."""
        return any(given)

    def merged(self, shapes: Sequence[Known]) -> Known:
        """The sides of the axis add up; all others must be equal."""
        return _concatenated(self.axis, shapes)


def _concatenated(axis_: int, shapes: Sequence[Known]) -> Known:
    first = shapes[0]
    axis = axis_ - 1 if axis_ > 0 else axis_ + len(first)
    if axis_ == 0 or not 0 <= axis < len(first):
        axes = f"-1 or 1 to {len(first)}" if len(first) > 1 else "-1 or 1"
        raise misfit("axis", f"axis must be one of the inputs', {axes}; received {axis_}")
    for shape in shapes[1:]:
        if len(shape) != len(first) or differ(_without(first, axis), _without(shape, axis)):
            what = f"inputs to be concatenated must differ only in axis {axis_}; received {both(first, shape)}"
            raise misfit("inputs", what)
    sides = [shape[axis] for shape in shapes]
    total = None if None in sides else sum(side for side in sides if side is not None)
    return (*first[:axis], total, *first[axis + 1 :])


def _without(shape: Known, axis: int) -> Known:
    return (*shape[:axis], *shape[axis + 1 :])


Joining = Subtract | Multiply | Average | Maximum | Minimum | Concatenate
"""A new layer of several inputs goes here."""
BY_KIND = by_tag(Joining)
