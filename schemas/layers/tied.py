"""An output whose kernel is the table of an embedding: layers that ``output: {tied: true}`` stands for."""

from collections.abc import Sequence
from typing import Any, Literal

from schemas.layers.base import LayerBase
from schemas.layers.sequences import Embedding
from schemas.layers.shape import Misfit, Shape


class ReversibleEmbedding(Embedding):
    """An embedding that is also applied in reverse: Keras' class for it, which plain Keras opens."""

    def keras_arguments(self) -> dict[str, Any]:
        """Those of the embedding; logits are computed in float32 whatever the precision of the model."""
        return {**super().keras_arguments(), "reverse_dtype": "float32"}


class TiedOutput(LayerBase):
    """logits = h · Eᵀ at each step, for a table E of ``units`` rows, the vectors of the tokens; there is no bias.

    Source: Press & Wolf 2017, Using the Output Embedding to Improve Language Models.
    """

    kind: Literal["tied"] = "tied"
    units: int
    """Number of tokens."""
    output_dim: int
    """Length of a vector of the embedding."""

    def output_of_one(self, shape: Shape) -> Shape:
        """A number for each token in place of the features.

        >>> TiedOutput(units=90, output_dim=8).output_of_one((64, 8))
        (64, 90)
        """
        if shape is None:
            return None
        require_width(shape, self.output_dim)
        return (*shape[:-1], self.units)

    def call_arguments(self, inputs: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
        """The embedding is called in reverse."""
        return list(inputs), {"reverse": True}


def require_width(shape: Shape, output_dim: int) -> None:
    """A product with the vectors of tokens takes as many features as these have.

    Raises:
        Misfit: there are others.
    """
    if shape is None or shape[-1] in (None, output_dim):
        return
    raise Misfit(
        "R753",
        None,
        f"a tied output multiplies features by the embedding's vectors of {output_dim}; "
        f"the layers before it give {shape[-1]} features",
        f"write `output_dim: {shape[-1]}` at the embedding, or put `{{kind: dense, units: {output_dim}}}` last",
    )


def reversible(embedding: Embedding) -> ReversibleEmbedding:
    """The same embedding, to be applied in reverse too."""
    return ReversibleEmbedding.model_construct(embedding.model_fields_set, **vars(embedding))
