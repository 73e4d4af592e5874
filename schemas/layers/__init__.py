"""Layers, by Keras' names in snake case and with Keras' argument names and defaults.

A layer's class has what only it knows: its keys, its Keras class where the name differs, the shape of its output.
"""

from typing import Annotated

from schemas.layers.base import Activation, Initializer, LayerBase, LayerName, Regularizer, Weighted
from schemas.layers.core import ActivationLayer, Dense, Flatten, Reshape
from schemas.layers.custom import CustomLayer
from schemas.layers.images import (
    AveragePooling2D,
    Conv2D,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    MaxPooling2D,
    SeparableConv2D,
    SpatialDropout2D,
    ZeroPadding2D,
)
from schemas.layers.merging import Add, Average, Concatenate, Maximum, MergeBase, Minimum, Multiply, Subtract
from schemas.layers.regularization import BatchNormalization, Dropout, GaussianNoise, LayerNormalization
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
    "Concatenate",
    "Conv1D",
    "Conv2D",
    "CustomLayer",
    "Dense",
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
    | Conv2D
    | SeparableConv2D
    | MaxPooling2D
    | AveragePooling2D
    | GlobalAveragePooling2D
    | GlobalMaxPooling2D
    | ZeroPadding2D
    | Embedding
    | Conv1D
    | MaxPooling1D
    | AveragePooling1D
    | GlobalAveragePooling1D
    | GlobalMaxPooling1D
    | LSTM
    | GRU
    | Bidirectional
    | Flatten
    | Reshape
    | ActivationLayer
    | Dropout
    | SpatialDropout2D
    | GaussianNoise
    | BatchNormalization
    | LayerNormalization
    | Add
    | Subtract
    | Multiply
    | Average
    | Maximum
    | Minimum
    | Concatenate
    | CustomLayer,
    ByTag("kind"),
]
