"""Layers without weights that change the shape or each value."""

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.base import Items
from schemas.layers.base import Activation, LayerBase
from schemas.layers.shape import Misfit, Shape, size
from schemas.quantities import Count, DropoutRate
from schemas.tagged import by_tag


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


BY_KIND = by_tag(Reshape | ActivationLayer | Dropout)
"""By the word that a recipe writes."""
