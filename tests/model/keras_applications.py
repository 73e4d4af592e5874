"""Writes ``schemas/layers/applications/keras.json`` from the installed Keras; ``make catalogue`` runs it."""

import inspect
import json
import re
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import keras
import numpy as np

from runner.model.build import without_weights
from schemas.layers.applications.names import KERAS
from schemas.layers.applications.table import Mode

TABLE = Path(str(files("schemas.layers.applications").joinpath("keras.json")))
OWN = ("alpha", "depth_multiplier", "minimalistic")
"""Arguments that are keys."""
SAME = (
    "include_top", "weights", "input_tensor", "input_shape", "pooling", "classes", "classifier_activation", "name",
    "include_preprocessing", "dropout", "dropout_rate",
)  # fmt: skip
"""Arguments that all have or that say something of the top alone."""


def functions() -> dict[str, Any]:
    """Applications of Keras by Keras' names."""
    return {name: value for name, value in vars(keras.applications).items() if inspect.isfunction(value)}


def signature(keras_name: str) -> dict[str, Any]:
    """Arguments of an application with their defaults."""
    parameters = inspect.signature(functions()[keras_name]).parameters.values()
    return {parameter.name: parameter.default for parameter in parameters}


def mode(keras_name: str) -> Mode:
    """What ``preprocess_input`` of the application's module does."""
    module = sys.modules[functions()[keras_name].__module__]
    pixels = np.arange(24, dtype=np.float32).reshape(2, 4, 3)
    made = module.preprocess_input(pixels.copy())  # type: ignore[attr-defined]
    if np.array_equal(made, pixels):
        return "inside"
    utils = sys.modules["keras.src.applications.imagenet_utils"]
    modes: tuple[Mode, ...] = ("caffe", "tf", "torch")
    return next(name for name in modes if np.array_equal(made, utils.preprocess_input(pixels.copy(), mode=name)))


def quick_facts(name: str) -> dict[str, Any]:
    """What an application says without being built."""
    arguments = signature(KERAS[name])
    strange = set(arguments) - {*OWN, *SAME}
    if strange:
        raise ValueError(f"{name}: an argument that is neither a key nor left out: {sorted(strange)}")
    return {
        "arguments": {key: arguments[key] for key in OWN if key in arguments},
        "mode": mode(KERAS[name]),
        "optional_preprocessing": "include_preprocessing" in arguments,
    }


def least_side(keras_name: str) -> int:
    """Smallest side that the application takes, as it says itself when it refuses a smaller one."""
    try:
        with without_weights():
            functions()[keras_name](include_top=False, weights=None, input_shape=(8, 8, 3))
    except ValueError as error:
        found = re.search(r"at least (\d+)", str(error))
        if found is not None:
            return int(found[1])
    raise ValueError(f"{keras_name}: a smallest side is not told")


def built_facts(name: str) -> dict[str, Any]:
    """What only the model tells; made on shapes alone."""
    keras_name = KERAS[name]
    least = least_side(keras_name)
    with without_weights():
        model = functions()[keras_name](include_top=False, weights=None, input_shape=(least, least, 3))
    return {
        "least": least,
        "channels": model.output_shape[-1],
        "parameters": model.count_params(),
        "layers": len(model.layers),
    }


def table() -> str:
    """The whole table, one application a line."""
    rows = [f"  {json.dumps(name)}: {json.dumps(quick_facts(name) | built_facts(name))}" for name in sorted(KERAS)]
    return f'{{"keras": {json.dumps(keras.__version__)}, "applications": {{\n' + ",\n".join(rows) + "\n}}\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
