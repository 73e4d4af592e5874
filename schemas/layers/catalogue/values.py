"""Families of layers that keep the shape: activations, dropout, noise and normalization."""

from typing import ClassVar

from schemas.layers.catalogue.base import CatalogueLayer
from schemas.layers.shape import Misfit, Shape


class Elementwise(CatalogueLayer):
    """A function of each value."""

    takes_mask: ClassVar[bool] = True


class RandomDrop(Elementwise):
    """Dropout of single values."""

    is_dropout: ClassVar[bool] = True


class Masking(Elementwise):
    """Starts a mask over the steps."""

    def gives_mask(self, given: bool) -> bool:
        """Always."""
        return True

    def output_of_one(self, shape: Shape) -> Shape:
        """The shape stays; there must be steps with features."""
        if shape is not None and len(shape) < 2:
            raise Misfit(
                "R310",
                None,
                f"{self.kind} needs steps and features; its input has 1 axis",
                "`reshape` the input to [steps, features]",
            )
        return shape


class AlongAxes(Elementwise):
    """A function along axes of each example."""

    def output_of_one(self, shape: Shape) -> Shape:
        """The shape stays; the axes are the input's, and not the batch."""
        axes = self.key("axis")
        for axis in (axes,) if isinstance(axes, int) else axes:
            place_of(axis, shape, "axis")
        return shape


class UnmaskedAlongAxes(AlongAxes):
    """A function along axes that loses the mask."""

    takes_mask: ClassVar[bool] = False


class GroupNormalization(AlongAxes):
    """Normalization over groups of channels."""

    def output_of_one(self, shape: Shape) -> Shape:
        """The shape stays; groups divide the channels."""
        place, groups = place_of(self.key("axis"), shape, "axis"), self.key("groups")
        side = shape[place] if shape is not None and place is not None else None
        if side is not None and groups != -1 and side % groups:
            raise Misfit(
                "R154",
                "groups",
                f"groups must divide the channels of the input; received {groups} groups and {side} channels",
                "use a divisor of the channels, 1 for all together, or -1 for each by itself",
            )
        return shape


class SharedSlopes(Elementwise):
    """An activation with a slope for each value of an example, or shared along axes."""

    def output_of_one(self, shape: Shape) -> Shape:
        """The shape stays; shared axes are the input's."""
        for axis in self.key("shared_axes") or ():
            place_of(axis, shape, "shared_axes")
        return shape


def place_of(axis: int, shape: Shape, key: str) -> int | None:
    """Index of an axis, counted as in Keras, among the sides of a shape; None if the shape is unknown.

    >>> place_of(-1, (28, 28, 3), "axis")
    2
    >>> place_of(1, (28, 28, 3), "axis")
    0

    Raises:
        Misfit: the input has no such axis, or it is the batch.
    """
    if axis == 0:
        raise no_axis(key, axis, None if shape is None else len(shape))
    if shape is None:
        return None
    place = axis - 1 if axis > 0 else axis + len(shape)
    if not 0 <= place < len(shape):
        raise no_axis(key, axis, len(shape))
    return place


def no_axis(key: str, axis: int, axes: int | None) -> Misfit:
    """A key names an axis that the input does not have."""
    allowed = "1 or more, or negative from the last one" if axes is None else f"1 to {axes} or -1 to -{axes}"
    return Misfit(
        "R321",
        key,
        f"{key} must name axes of the input, {allowed}; received {axis}",
        "-1 is the last axis; 0, the batch, cannot be chosen",
    )
