"""The classes by which a person opens a trained model that has layers of custom code."""

import inspect
import sys
from collections.abc import Iterable
from typing import Any

import keras

from runner.model.custom import custom_layer
from runner.plan.layers import PlannedLayer
from schemas.layers.custom import CustomLayer


def custom_objects(planned: Iterable[PlannedLayer]) -> dict[str, Any]:
    """Those of the layers themselves, and all others of their modules, which may stand within them."""
    found: dict[str, Any] = {}
    for item in planned:
        if isinstance(item.layer, CustomLayer):
            made = type(custom_layer(item.layer, item.folder))
            others = vars(sys.modules.get(made.__module__, object)).values()
            found |= {other.__name__: other for other in others if _is_layer_class(other)} | {made.__name__: made}
    return found


def _is_layer_class(value: Any) -> bool:
    return inspect.isclass(value) and issubclass(value, keras.layers.Layer)
