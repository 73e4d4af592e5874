"""A layer implemented by custom code."""

from collections.abc import Sequence
from typing import Literal

from schemas.custom import Custom
from schemas.layers.base import LayerBase
from schemas.layers.shape import Shape


class CustomLayer(LayerBase, Custom):
    """Custom code: a subclass of keras.layers.Layer, or a function that returns a layer; only with --allow-code."""

    kind: Literal["custom"]

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """None: the shape is unknown, because checking a recipe imports no code."""
        return None
