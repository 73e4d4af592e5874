"""The layers that nearly every recipe has."""

from typing import ClassVar, Literal

from schemas.layers.base import LayerBase, Weighted
from schemas.layers.shape import Shape, size
from schemas.quantities import Count


class Dense(Weighted):
    """activation(x · W + b)."""

    takes_mask: ClassVar[bool] = True

    kind: Literal["dense"]
    units: Count
    """Size of the output."""

    @property
    def hidden_size(self) -> int:
        """``units``."""
        return self.units

    def output_of_one(self, shape: Shape) -> Shape:
        """The input shape with ``units`` as its last axis.

        >>> Dense(kind="dense", units=100).output_of_one((28, 28))
        (28, 100)
        """
        return None if shape is None else (*shape[:-1], self.units)


class Flatten(LayerBase):
    """Merges all axes except the batch into one."""

    kind: Literal["flatten"]

    def output_of_one(self, shape: Shape) -> Shape:
        """One axis with the same number of values.

        >>> Flatten(kind="flatten").output_of_one((28, 28, 1))
        (784,)
        """
        return (None,) if shape is None else (size(shape),)
