"""The plan's layers as a Keras model; an error is told at the layer that raised it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from runner.build.layers import build_layer
from runner.plan.model import PlannedLayer
from schemas.findings import Path


class BuildError(Exception):
    """Keras does not accept a layer.

    Attributes:
        path: place in the recipe of the layer.
    """

    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True)
class LayerShape:
    """What one layer makes of its input."""

    path: Path
    kind: str
    output_shape: tuple[int | None, ...]
    """Without the batch axis."""
    parameters: int
    dropout: float | None
    origin: str | None


def _first_line(error: Exception) -> str:
    """Keras explains at length; the first paragraph says what is wrong."""
    text = str(error).strip().split("\n\n")[0]
    return " ".join(text.split()) or type(error).__name__


@contextmanager
def _dtype_policy(name: str) -> Iterator[None]:
    """Layers made while the block runs compute in this precision; the next model of the process does not."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _chain(
    planned: tuple[PlannedLayer, ...], tensor: Any, precision: str = "float32"
) -> Iterator[tuple[PlannedLayer, Any, Any]]:
    """Each planned layer with its Keras layer and output, applied one after another to ``tensor``.

    The last one computes in float32 whatever the precision, because probabilities and their logarithms need it.
    """
    for item in planned:
        try:
            with _dtype_policy("float32" if item is planned[-1] else precision):
                layer = build_layer(item.layer)
            tensor = layer(tensor)
        except (MemoryError, tf.errors.ResourceExhaustedError):
            raise  # it is about the machine and not about this layer
        except Exception as error:  # whatever Keras or TensorFlow raise, it is about this layer
            raise BuildError(f"{item.layer.kind}: {_first_line(error)}", item.path) from error
        if any(side is not None and side < 1 for side in tensor.shape[1:]):
            raise BuildError(f"{item.layer.kind}: its output would have the shape {tensor.shape[1:]}", item.path)
        yield item, layer, tensor


def _check_output(planned: tuple[PlannedLayer, ...], shape: tuple[int | None, ...]) -> None:
    if len(shape) != 1:
        raise BuildError(
            f"the output layer gets inputs of more than one axis, so its output is {shape}; "
            "add `{kind: flatten}` or a global pooling layer as the last layer",
            planned[-1].path,
        )


def build_model(
    planned: tuple[PlannedLayer, ...],
    shape: tuple[int, ...],
    name: str,
    scaling: Any = None,
    precision: str = "float32",
) -> Any:
    """A Keras model with fresh weights, from Keras' global seed.

    Args:
        planned: the plan's layers.
        shape: shape of one input.
        name: name of the model.
        scaling: a layer before all others, or None.
        precision: Keras' name of a dtype policy for the layers between it and the output.

    Raises:
        BuildError: when Keras does not accept a layer.
    """
    inputs = keras.Input(shape, name="input")
    *_, (_, _, outputs) = _chain(planned, scaling(inputs) if scaling is not None else inputs, precision)
    _check_output(planned, tuple(outputs.shape[1:]))
    return keras.Model(inputs, outputs, name="".join(c if c.isalnum() else "_" for c in name))


def layer_shapes(planned: tuple[PlannedLayer, ...], shape: tuple[int, ...]) -> tuple[LayerShape, ...]:
    """Output shape and parameters of every layer, without allocating a weight.

    Raises:
        BuildError: when Keras does not accept a layer.
    """
    rows = []
    with keras.StatelessScope(initialize_variables=False):
        for item, layer, tensor in _chain(planned, keras.Input(shape)):
            output = tuple(tensor.shape[1:])
            rate = item.layer.rate if item.layer.kind == "dropout" else None
            rows.append(LayerShape(item.path, item.layer.kind, output, layer.count_params(), rate, item.origin))
    _check_output(planned, rows[-1].output_shape)
    return tuple(rows)
