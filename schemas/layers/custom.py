"""A layer implemented by custom code."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from schemas.custom import Custom
from schemas.layers.base import LayerBase
from schemas.layers.shape import Shape
from schemas.tagged import by_tag


class CustomLayer(LayerBase, Custom):
    """Custom code: a subclass of keras.layers.Layer, or a function that returns a layer; only with --allow-code."""

    takes: ClassVar[tuple[int, int | None]] = (1, None)
    takes_mask: ClassVar[bool] = True

    kind: Literal["custom"]

    def gives_mask(self, given: bool) -> bool:
        """False: of custom code nothing is known."""
        return False

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """None: the shape is unknown, because checking a recipe imports no code."""
        return None


BY_KIND = by_tag(CustomLayer)
"""By the word that a recipe writes."""
