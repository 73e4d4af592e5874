"""Layers of the language as Keras layers."""

from pathlib import Path
from typing import Any, assert_never

import keras

from runner.model.custom import custom_layer
from runner.model.dropout import Dropout
from schemas import layers as language
from schemas.layers import Layer


def _arguments(layer: Layer) -> dict[str, Any]:
    """Keyword arguments of Keras' class: the language uses Keras' names."""
    arguments = layer.model_dump(exclude={"kind", "inputs"})
    return {key: value for key, value in arguments.items() if value is not None}


def _weighted(cls: Any, layer: language.Weighted, kernel: str = "kernel") -> Any:
    """A layer with a kernel; initializers and penalties go by the kernel's name in Keras."""
    arguments = layer.model_dump(exclude={"kind", "dropout", "kernel_regularizer", "name", "inputs"})
    if layer.name is not None:
        arguments["name"] = layer.name
    if kernel != "kernel":
        initializer = arguments.pop("kernel_initializer")
        arguments |= {"depthwise_initializer": initializer, "pointwise_initializer": initializer}
    penalty = layer.kernel_regularizer
    if penalty is not None:
        arguments[f"{kernel}_regularizer"] = keras.regularizers.L1L2(penalty.l1, penalty.l2)
    return cls(**arguments)


def build_layer(layer: Layer, folder: Path | None = None) -> Any:
    """The Keras layer that a recipe's layer names.

    Args:
        layer: of a recipe.
        folder: where own Python may be imported from; None: it may not be imported.

    Raises:
        CodeError: own Python may not be imported, cannot be imported, or is no layer.
        ValueError: what Keras raises for arguments that do not go together.
    """
    k = keras.layers
    match layer:
        case language.Dense():
            return _weighted(k.Dense, layer)
        case language.Conv2D():
            return _weighted(k.Conv2D, layer)
        case language.SeparableConv2D():
            return _weighted(k.SeparableConv2D, layer, "pointwise")
        case language.MaxPooling2D():
            return k.MaxPooling2D(**_arguments(layer))
        case language.AveragePooling2D():
            return k.AveragePooling2D(**_arguments(layer))
        case language.GlobalAveragePooling2D():
            return k.GlobalAveragePooling2D(**_arguments(layer))
        case language.GlobalMaxPooling2D():
            return k.GlobalMaxPooling2D(**_arguments(layer))
        case language.ZeroPadding2D():
            return k.ZeroPadding2D(**_arguments(layer))
        case language.Flatten():
            return k.Flatten(**_arguments(layer))
        case language.Reshape():
            return k.Reshape(**_arguments(layer))
        case language.ActivationLayer():
            return k.Activation(**_arguments(layer))
        case language.Dropout():
            return Dropout(**_arguments(layer))
        case language.SpatialDropout2D():
            return k.SpatialDropout2D(**_arguments(layer))
        case language.GaussianNoise():
            return k.GaussianNoise(**_arguments(layer))
        case language.BatchNormalization():
            return k.BatchNormalization(**_arguments(layer))
        case language.LayerNormalization():
            return k.LayerNormalization(**_arguments(layer))
        case language.Add():
            return k.Add(**_arguments(layer))
        case language.Subtract():
            return k.Subtract(**_arguments(layer))
        case language.Multiply():
            return k.Multiply(**_arguments(layer))
        case language.Average():
            return k.Average(**_arguments(layer))
        case language.Maximum():
            return k.Maximum(**_arguments(layer))
        case language.Minimum():
            return k.Minimum(**_arguments(layer))
        case language.Concatenate():
            return k.Concatenate(**_arguments(layer))
        case language.CustomLayer():
            return custom_layer(layer, folder)
        case _:
            assert_never(layer)
