"""Layers, by Keras' names in snake case and with Keras' argument names and defaults.

The class of a layer defines its keys, its Keras class if the name differs, and the shape of its output.
"""

from typing import Annotated

from schemas.layers.base import Activation, Initializer, LayerBase, LayerName, Regularizer, Weighted
from schemas.layers.catalogue.base import CatalogueLayer
from schemas.layers.catalogue.lookup import Catalogue
from schemas.layers.core import ActivationLayer, Dense, Flatten, Reshape, Reshaping
from schemas.layers.custom import CustomLayer
from schemas.layers.images import (
    AveragePooling2D,
    Conv2D,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    Imaging,
    MaxPooling2D,
    SeparableConv2D,
    SpatialDropout2D,
    ZeroPadding2D,
)
from schemas.layers.merging import Add, Average, Concatenate, Maximum, MergeBase, Merging, Minimum, Multiply, Subtract
from schemas.layers.regularization import (
    BatchNormalization,
    Dropout,
    DropPath,
    GaussianNoise,
    LayerNormalization,
    Regularizing,
)
from schemas.layers.sequences import (
    GRU,
    LSTM,
    AveragePooling1D,
    Bidirectional,
    Conv1D,
    Embedding,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    MaxPooling1D,
    RecurrentBase,
    SequenceLayer,
    Sequencing,
)
from schemas.tagged import ByTag

__all__ = [
    "GRU",
    "LSTM",
    "Activation",
    "ActivationLayer",
    "Add",
    "Average",
    "AveragePooling1D",
    "AveragePooling2D",
    "BatchNormalization",
    "Bidirectional",
    "CatalogueLayer",
    "Concatenate",
    "Conv1D",
    "Conv2D",
    "CustomLayer",
    "Dense",
    "DropPath",
    "Dropout",
    "Embedding",
    "Flatten",
    "GaussianNoise",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "Initializer",
    "Layer",
    "LayerBase",
    "LayerName",
    "LayerNormalization",
    "MaxPooling1D",
    "MaxPooling2D",
    "Maximum",
    "MergeBase",
    "Minimum",
    "Multiply",
    "RecurrentBase",
    "Regularizer",
    "Reshape",
    "SeparableConv2D",
    "SequenceLayer",
    "SpatialDropout2D",
    "Subtract",
    "Weighted",
    "ZeroPadding2D",
]

Layer = Annotated[
    Dense
    | Imaging
    | Sequencing
    | Reshaping
    | Dropout
    | SpatialDropout2D
    | Regularizing
    | Merging
    | CustomLayer
    | CatalogueLayer,
    ByTag("kind", Catalogue()),
]
