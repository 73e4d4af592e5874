"""Layers around other layers."""

from typing import Annotated, Any, ClassVar

from schemas.layers.base import LayerBase
from schemas.layers.catalogue.base import CatalogueLayer
from schemas.layers.catalogue.lookup import Catalogue
from schemas.layers.core import Dense, Flatten
from schemas.layers.images import Imaging
from schemas.layers.plain import ActivationLayer, Dropout, Reshape
from schemas.layers.regularization import Regularizing
from schemas.layers.sequences import GRU, LSTM, Conv1D, Embedding
from schemas.layers.shape import Misfit, Shape
from schemas.tagged import ByTag

_SEVERAL = ("attention", "additive_attention", "multi_head_attention", "group_query_attention", "dot")
"""Layers of the catalogue that take several inputs."""
InnerLayer = Annotated[
    Dense
    | Imaging
    | Conv1D
    | Embedding
    | LSTM
    | GRU
    | Flatten
    | Reshape
    | ActivationLayer
    | Dropout
    | Regularizing
    | CatalogueLayer,
    ByTag("kind", Catalogue("time_distributed", *_SEVERAL)),
]
"""Layers with one input that are no wrapper in their turn."""


class Distributed(CatalogueLayer):
    """Another layer, applied to each step by itself with the same weights."""

    takes_mask: ClassVar[bool] = True

    layer: InnerLayer
    """The layer that is applied to each step."""

    @property
    def inner(self) -> LayerBase:
        """The layer inside."""
        return self.layer

    def output_of_one(self, shape: Shape) -> Shape:
        """The steps, each with what the layer inside makes of it."""
        if shape is None:
            return None
        if len(shape) < 2:
            raise Misfit(
                "R310",
                None,
                f"{self.kind} needs steps; its input has 1 axis",
                "`reshape` the input to [steps, features]",
            )
        output = self.layer.output_of_one(shape[1:])
        return None if output is None else (shape[0], *output)

    def keras_arguments(self) -> dict[str, Any]:
        """The layer inside as itself, to be built in its turn."""
        return {**super().keras_arguments(), "layer": self.layer}
