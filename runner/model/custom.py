"""Layers of custom code, held to what a layer is meant to be."""

import inspect
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import keras

from runner.custom_import import call, kind_of
from runner.errors import CodeError
from runner.keras_errors import said_with_kind
from runner.plan.layers import PlannedLayer
from schemas.layers.custom import CustomLayer


def custom_layer(layer: CustomLayer, folder: Path | None) -> Any:
    """The layer that a target makes.

    Raises:
        CodeError: it may not or cannot be imported, fails, makes no layer, or makes one that cannot be saved.
    """
    made = call(layer, folder, layer.name)
    if not isinstance(made, keras.layers.Layer):
        raise CodeError(f"{layer.target} must give a keras.layers.Layer; received {kind_of(made)}")
    if layer.name is not None:
        made.name = layer.name
    try:
        type(made).from_config(made.get_config())
    except Exception as error:  # whatever it is, the trained model could not be opened again
        way_out = "its __init__ takes **kwargs and gives them to keras.layers.Layer, and get_config has its arguments"
        raise CodeError(f"{layer.target}: the layer cannot be saved: {said_with_kind(error)} ({way_out})") from error
    return made


def custom_objects(planned: Iterable[PlannedLayer]) -> dict[str, Any]:
    """Classes by which ``keras.models.load_model`` opens a trained model that has layers of custom code.

    Those of the layers themselves, and all others of their modules, which may be nested in them.

    Raises:
        CodeError: as when the model was built.
    """
    found: dict[str, Any] = {}
    for item in planned:
        if isinstance(item.layer, CustomLayer):
            made = type(custom_layer(item.layer, item.folder))
            others = vars(sys.modules.get(made.__module__, object)).values()
            found |= {other.__name__: other for other in others if _is_layer_class(other)} | {made.__name__: made}
    return found


def _is_layer_class(value: Any) -> bool:
    return inspect.isclass(value) and issubclass(value, keras.layers.Layer)
