"""Layers, by Keras' names in snake case and with Keras' argument names and defaults.

A layer's class has what only it knows: its keys, its Keras class where the name differs, the shape of its output.
"""

from typing import Annotated

from schemas.layers.base import Activation, Initializer, LayerBase, LayerName, Regularizer, Weighted
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
from schemas.layers.regularization import BatchNormalization, Dropout, GaussianNoise, LayerNormalization, Regularizing
from schemas.tagged import ByTag

__all__ = [
    "Activation",
    "ActivationLayer",
    "Add",
    "Average",
    "AveragePooling2D",
    "BatchNormalization",
    "Concatenate",
    "Conv2D",
    "CustomLayer",
    "Dense",
    "Dropout",
    "Flatten",
    "GaussianNoise",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "Initializer",
    "Layer",
    "LayerBase",
    "LayerName",
    "LayerNormalization",
    "MaxPooling2D",
    "Maximum",
    "MergeBase",
    "Minimum",
    "Multiply",
    "Regularizer",
    "Reshape",
    "SeparableConv2D",
    "SpatialDropout2D",
    "Subtract",
    "Weighted",
    "ZeroPadding2D",
]

Layer = Annotated[
    Dense | Imaging | Reshaping | Dropout | SpatialDropout2D | Regularizing | Merging | CustomLayer,
    ByTag("kind"),
]
