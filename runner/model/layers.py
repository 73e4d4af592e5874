"""Layers of the language as Keras layers."""

from pathlib import Path
from typing import Any

import keras

from runner.model.custom import custom_layer
from runner.model.dropout import Dropout, DropPath
from runner.model.dropout_kinds import BY_KIND
from runner.model.normalization import BatchNormalization
from runner.model.taken_input import TakenInput
from schemas.layers import LayerBase
from schemas.layers.custom import CustomLayer
from schemas.layers.entry import TakenColumns, TakenImage, TakenPart

OURS = {"dropout": Dropout, "drop_path": DropPath, "batch_normalization": BatchNormalization, **BY_KIND}
"""Kinds that we build ourselves; all others are classes of ``keras.layers``."""


def build_layer(layer: LayerBase, folder: Path | None = None) -> Any:
    """The Keras layer that a recipe's layer names.

    Args:
        layer: of a recipe.
        folder: where custom code may be imported from; None: it may not be imported.

    Raises:
        CodeError: custom code may not be imported, cannot be imported, or is no layer.
        ValueError: what Keras raises for arguments that do not go together.
    """
    if isinstance(layer, CustomLayer):
        return custom_layer(layer, folder)
    if isinstance(layer, TakenColumns | TakenPart | TakenImage):
        return TakenInput(layer)
    cls = OURS.get(layer.kind) or getattr(keras.layers, layer.keras_class or type(layer).__name__)
    return cls(**keras_arguments(layer))


def keras_arguments(layer: LayerBase) -> dict[str, Any]:
    """Arguments of the Keras layer, with penalties, constraints and layers within it made."""
    return {key: _built(value) for key, value in layer.keras_arguments().items()}


def _built(value: Any) -> Any:
    """A penalty or a constraint as Keras has it, the layer inside another one; everything else as it is."""
    if isinstance(value, LayerBase):
        return build_layer(value)
    if not isinstance(value, dict):
        return value
    arguments = {name: argument for name, argument in value.items() if name != "kind"}
    kind = type(keras.constraints.get(value["kind"])) if "kind" in value else keras.regularizers.L1L2
    return kind(**arguments)
