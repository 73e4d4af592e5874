"""Layers, by Keras' names in snake case and with Keras' argument names and defaults.

The class of a layer defines its keys, its Keras class if the name differs, and the shape of its output. A recipe names
few of them: a family is imported when a recipe names one of its layers.
"""

from typing import Annotated

from schemas.composites import COMPOSITES
from schemas.layers.base import Activation, Initializer, LayerBase, LayerName, Regularizer, Weighted
from schemas.layers.catalogue.lookup import Catalogue
from schemas.layers.core import Dense, Flatten
from schemas.tagged import ByTag, Elsewhere, Joined, by_tag

__all__ = [
    "FAMILIES",
    "Activation",
    "Dense",
    "Flatten",
    "Initializer",
    "Layer",
    "LayerBase",
    "LayerName",
    "Regularizer",
    "Weighted",
    "written_classes",
]

FAMILIES = (
    Elsewhere("schemas.layers.plain", ("reshape", "activation", "dropout")),
    Elsewhere("schemas.layers.custom", ("custom",)),
    Elsewhere(
        "schemas.layers.images",
        (
            "conv2d",
            "separable_conv2d",
            "max_pooling2d",
            "average_pooling2d",
            "global_average_pooling2d",
            "global_max_pooling2d",
            "zero_padding2d",
            "spatial_dropout2d",
        ),
    ),
    Elsewhere(
        "schemas.layers.sequences",
        (
            "embedding",
            "position_embedding",
            "position_encoding",
            "conv1d",
            "max_pooling1d",
            "average_pooling1d",
            "global_average_pooling1d",
            "global_max_pooling1d",
            "lstm",
            "gru",
            "bidirectional",
        ),
    ),
    Elsewhere(
        "schemas.layers.regularization", ("drop_path", "gaussian_noise", "batch_normalization", "layer_normalization")
    ),
    Elsewhere("schemas.layers.merging", ("add",)),
    Elsewhere("schemas.layers.joining", ("subtract", "multiply", "average", "maximum", "minimum", "concatenate")),
    Elsewhere("schemas.layers.sharing", ("shared",)),
)
"""Layers with classes of their own; those of the catalogue are made from Keras' signatures."""
_OTHERS = (
    Elsewhere("schemas.layers.composite", COMPOSITES),
    Elsewhere("schemas.layers.applications.application", ("application",)),
    Catalogue(),
)
_Core = Dense | Flatten
Layer = Annotated[
    _Core | LayerBase,
    ByTag("kind", Joined(*FAMILIES, *_OTHERS)),
]


def written_classes() -> dict[str, type[LayerBase]]:
    """The classes of all kinds that are not of the catalogue."""
    families = {kind: family.variant(kind) for family in FAMILIES for kind in family.names()}
    return by_tag(_Core) | {kind: cls for kind, cls in families.items() if cls is not None}
