"""Layers that no recipe writes: the named inputs of a functional model, as parts of the whole input."""

from typing import ClassVar, Literal

from schemas.layers.base import LayerBase
from schemas.layers.shape import Misfit, Shape, written


class TakenColumns(LayerBase):
    """Numbers at some places of the last axis."""

    takes_mask: ClassVar[bool] = True

    kind: Literal["columns"] = "columns"
    places: tuple[int, ...]
    """From 0, in the order in which the layers get them."""

    def output_of_one(self, shape: Shape) -> Shape:
        """The input shape with the number of places as its last axis.

        >>> TakenColumns(places=(0, 3)).output_of_one((9,))
        (2,)
        """
        return None if shape is None else (*shape[:-1], len(self.places))


class TakenPart(LayerBase):
    """One part along the first axis."""

    kind: Literal["part"] = "part"
    index: int
    """Which one, from 0."""

    def output_of_one(self, shape: Shape) -> Shape:
        """The input shape without its first axis.

        >>> TakenPart(index=1).output_of_one((2, 28, 28, 1))
        (28, 28, 1)
        """
        if shape is None:
            return None
        if len(shape) < 2:
            what = f"index takes a part along the first of two axes or more; inputs are {written(shape)}"
            raise Misfit("R502", "index", what, "name `columns`, or take data whose examples have parts")
        if shape[0] is not None and self.index >= shape[0]:
            what = f"index must be below {shape[0]}, the number of parts of an example; received {self.index}"
            raise Misfit("R502", "index", what, f"write 0 to {shape[0] - 1}")
        return shape[1:]


class TakenImage(LayerBase):
    """The pixels of an image, which follow one another in a row, in the image's shape."""

    kind: Literal["image"] = "image"
    first: int
    """Place of the first one, from 0."""
    shape: tuple[int, int, int]
    """Height, width and channels."""

    def output_of_one(self, shape: Shape) -> Shape:
        """The image's own shape.

        >>> TakenImage(first=2, shape=(8, 8, 3)).output_of_one((194,))
        (8, 8, 3)
        """
        return None if shape is None else self.shape


Taken = TakenColumns | TakenPart | TakenImage
"""What a named input is."""
