"""Dense layers, dropout, and layers that only change the shape or each value."""

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.base import Items
from schemas.layers.base import Activation, LayerBase, Weighted
from schemas.layers.shape import Misfit, Shape, size
from schemas.quantities import Count, DropoutRate


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


class Reshape(LayerBase):
    """The same values in another shape."""

    kind: Literal["reshape"]
    target_shape: Annotated[Items[Count], Field(min_length=1, max_length=8)]
    """Shape without the batch axis."""

    def output_of_one(self, shape: Shape) -> Shape:
        """``target_shape``, if it has the same number of values."""
        wanted = math.prod(self.target_shape)
        if shape is not None and (count := size(shape)) not in (None, wanted):
            raise Misfit(
                "R158",
                "target_shape",
                f"target_shape must keep the number of values; received {list(self.target_shape)}, which has "
                f"{wanted}, and the input has {count}",
                f"give sides whose product is {count}",
            )
        return self.target_shape


class ActivationLayer(LayerBase):
    """A separate activation."""

    kind: Literal["activation"]
    activation: Activation
    """Function applied."""

    keras_class: ClassVar[str | None] = "Activation"
    takes_mask: ClassVar[bool] = True


class Dropout(LayerBase):
    """Sets a fraction of the inputs to zero in training and scales the rest up."""

    takes_mask: ClassVar[bool] = True
    is_dropout: ClassVar[bool] = True

    kind: Literal["dropout"]
    rate: DropoutRate
    """Fraction dropped."""


Reshaping = Flatten | Reshape | ActivationLayer
"""Layers without weights; a new one goes here, or into the union of its family."""
