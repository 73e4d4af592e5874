"""Layers with several inputs."""

from collections.abc import Sequence
from functools import reduce
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.later import is_zero
from schemas.layers.base import LayerBase
from schemas.layers.shape import Known, Misfit, Shape, written
from schemas.tagged import by_tag


class MergeBase(LayerBase):
    """Common parts of layers with several inputs. Shapes are aligned at the last axis; a side of 1 fits any."""

    takes: ClassVar[tuple[int, int | None]] = (2, None)
    takes_mask: ClassVar[bool] = True

    def gives_mask_of(self, given: Sequence[bool]) -> bool:
        """Only if every input has one: Keras joins the masks of all, or has none."""
        return all(given)

    def loses_mask_of(self, given: Sequence[bool]) -> bool:
        """Where an input has a mask and another has none."""
        return any(given) and not self.gives_mask_of(given)

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Shape of the merged inputs; None if any of them is unknown."""
        known = [shape for shape in inputs if shape is not None]
        return None if len(known) < len(inputs) or not known else self.merged(known)

    def merged(self, shapes: Sequence[Known]) -> Known:
        """Shape of inputs that are joined element by element.

        Raises:
            Misfit: the inputs cannot be joined.
        """
        return reduce(_broadcast, shapes)


class Add(MergeBase):
    """Element-wise sum of the inputs."""

    not_of_keras: ClassVar[frozenset[str]] = MergeBase.not_of_keras | {"same_shape"}

    kind: Literal["add"]
    same_shape: bool = Field(default=False, exclude_if=is_zero)
    """Whether the inputs must have the same shape; otherwise a side of 1 fits any. ``residual`` requires it."""

    def merged(self, shapes: Sequence[Known]) -> Known:
        """The shape of the inputs."""
        if self.same_shape and (other := next((shape for shape in shapes if _differ(shapes[0], shape)), None)):
            raise Misfit(
                "R425",
                None,
                f"the inputs of this sum must have one shape; received {_both(shapes[0], other)}",
                "give the input the shape of the output by `shortcut`, such as a conv2d with kernel_size 1 and the "
                "same filters and strides, or keep the shape with `padding: same`",
            )
        return super().merged(shapes)


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


def _differ(one: Known, other: Known) -> bool:
    """Whether two shapes cannot be the same, whatever their unknown sides are."""
    pairs = zip(one, other, strict=False)
    return len(one) != len(other) or any(None not in pair and len(set(pair)) > 1 for pair in pairs)


def _broadcast(one: Known, other: Known) -> Known:
    """Broadcast two shapes from the last axis on, as in Keras: sides are equal or one is 1; missing sides are 1."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    sides = list(longer)
    for k, side in enumerate(shorter, len(longer) - len(shorter)):
        if 1 not in (side, sides[k]) and None not in (side, sides[k]) and side != sides[k]:
            raise _misfit(
                "inputs", f"inputs to be joined element by element must have one shape; received {_both(one, other)}"
            )
        sides[k] = side if sides[k] in (1, None) and side != 1 else sides[k]
    return tuple(sides)


def _concatenated(axis_: int, shapes: Sequence[Known]) -> Known:
    first = shapes[0]
    axis = axis_ - 1 if axis_ > 0 else axis_ + len(first)
    if axis_ == 0 or not 0 <= axis < len(first):
        axes = f"-1 or 1 to {len(first)}" if len(first) > 1 else "-1 or 1"
        raise _misfit("axis", f"axis must be one of the inputs', {axes}; received {axis_}")
    for shape in shapes[1:]:
        if len(shape) != len(first) or _differ(_without(first, axis), _without(shape, axis)):
            what = f"inputs to be concatenated must differ only in axis {axis_}; received {_both(first, shape)}"
            raise _misfit("inputs", what)
    sides = [shape[axis] for shape in shapes]
    total = None if None in sides else sum(side for side in sides if side is not None)
    return (*first[:axis], total, *first[axis + 1 :])


def _without(shape: Known, axis: int) -> Known:
    return (*shape[:axis], *shape[axis + 1 :])


def _misfit(key: str, message: str) -> Misfit:
    help = "make the shapes equal first: with a dense or conv2d layer, `padding: same`, or equal strides"
    return Misfit("R184", key, message, help if key == "inputs" else "omit `axis` for the last one")


def _both(one: Known, other: Known) -> str:
    return f"{written(one)} and {written(other)}"


Merging = Add | Subtract | Multiply | Average | Maximum | Minimum | Concatenate
"""A new layer of several inputs goes here."""
BY_KIND = by_tag(Merging)
