"""What layers with several inputs have in common, and their sum, of which residual models are made."""

from collections.abc import Sequence
from functools import reduce
from typing import ClassVar, Literal

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
        if self.same_shape and (other := next((shape for shape in shapes if differ(shapes[0], shape)), None)):
            raise Misfit(
                "R425",
                None,
                f"the inputs of this sum must have one shape; received {both(shapes[0], other)}",
                "give the input the shape of the output by `shortcut`, such as a conv2d with kernel_size 1 and the "
                "same filters and strides, or keep the shape with `padding: same`",
            )
        return super().merged(shapes)


def differ(one: Known, other: Known) -> bool:
    """Whether two shapes cannot be the same, whatever their unknown sides are."""
    pairs = zip(one, other, strict=False)
    return len(one) != len(other) or any(None not in pair and len(set(pair)) > 1 for pair in pairs)


def _broadcast(one: Known, other: Known) -> Known:
    """Broadcast two shapes from the last axis on, as in Keras: sides are equal or one is 1; missing sides are 1."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    sides = list(longer)
    for k, side in enumerate(shorter, len(longer) - len(shorter)):
        if 1 not in (side, sides[k]) and None not in (side, sides[k]) and side != sides[k]:
            raise misfit(
                "inputs", f"inputs to be joined element by element must have one shape; received {both(one, other)}"
            )
        sides[k] = side if sides[k] in (1, None) and side != 1 else sides[k]
    return tuple(sides)


def misfit(key: str, message: str) -> Misfit:
    """The error for inputs, or an axis, that do not go together."""
    help = "make the shapes equal first: with a dense or conv2d layer, `padding: same`, or equal strides"
    return Misfit("R184", key, message, help if key == "inputs" else "omit `axis` for the last one")


def both(one: Known, other: Known) -> str:
    """Two shapes for a message."""
    return f"{written(one)} and {written(other)}"


BY_KIND = by_tag(Add)
