"""The plan's layers as a Keras model; an error is told at the layer that raised it."""

import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf
from keras.src.backend import compute_output_spec
from keras.src.backend.common import global_state

from runner.errors import BuildError, CodeError
from runner.keras_errors import said
from runner.model.application import ApplicationLayers
from runner.model.inner_values import inner_values
from runner.model.layers import build_layer
from runner.model.multiply_adds import multiply_adds
from runner.model.position import EncodingLayers, PositionLayers
from runner.model.taken_input import TakenInput
from runner.plan.layers import PlannedLayer, acting_layer
from schemas.custom import Custom
from schemas.findings import Path
from schemas.graph import ENTRY
from schemas.layers import LayerBase
from schemas.layers.applications.application import Application
from schemas.layers.merging import Add
from schemas.layers.sequences import PositionEmbedding, PositionEncoding
from schemas.layers.shape import Misfit
from schemas.layers.tied import TiedOutput

_WAITING = "uninitialized_variables"
"""Keras' list of variables that are to have a value yet."""


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
    name: str = ""
    inputs: tuple[str, ...] = ()
    """Names of the layers that it takes, ``input`` for the model's input."""
    weights: tuple[tuple[int, ...], ...] = ()
    """Shapes of its weights, in Keras' order."""
    taken: bool = False
    """Whether the weights are those of a trained run."""
    weights_of: str = ""
    """Name of the layer that is applied once more here; empty where a layer has weights of its own."""
    multiply_adds: int | None = 0
    """Of one example in a forward pass; None where they depend on the example, or are not known."""
    inner_values: int = 0
    """Number of values that a layer gives within it, such as scores of attention, for one example."""
    inner: tuple[str, ...] = ()
    """Names of the layers of an application, in Keras' order."""


@contextmanager
def _dtype_policy(name: str) -> Iterator[None]:
    """Layers made while the block runs compute in this precision; the next model of the process does not."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


@contextmanager
def without_weights() -> Iterator[None]:
    """Variables made while the block runs have a shape and no value, neither then nor later.

    Keras would make up for it at the end of its next such scope, which is when a layer of custom code is called.
    """
    before = list(global_state.get_global_attribute(_WAITING) or ())
    try:
        with keras.StatelessScope(initialize_variables=False):
            yield
    finally:
        global_state.set_global_attribute(_WAITING, before)


_OF_MACHINES = (
    MemoryError, tf.errors.ResourceExhaustedError, tf.errors.UnavailableError, tf.errors.AbortedError,
    tf.errors.CancelledError, tf.errors.DeadlineExceededError,
)  # fmt: skip
"""What is raised while a layer is built and is not about it: memory, or another worker that shares the weights."""


def _graph(
    planned: tuple[PlannedLayer, ...], tensor: Any, precision: str = "float32"
) -> Iterator[tuple[PlannedLayer, Any, Any]]:
    """Each planned layer with its Keras layer and output, applied to the outputs before it or to ``tensor``.

    Outputs are computed in float32 whatever the precision, because probabilities and their logarithms need it.
    """
    outputs = {ENTRY: tensor}
    built: list[Any] = []
    for number, item in enumerate(planned):
        taken = [outputs[k] for k in item.inputs]
        acting = acting_layer(planned, item)
        try:
            with _dtype_policy("float32" if item.is_output or item is planned[-1] else precision):
                layer = _built(item, taken) if item.weights_of is None else built[item.weights_of]
            built.append(layer)
            _require_shapes(acting, taken)
            inputs, named = acting.call_arguments(taken)
            outputs[number] = output = layer(*inputs, **named, **_at_rest(layer))
        except _OF_MACHINES:
            raise
        except CodeError as error:
            raise BuildError(str(error), (*item.path, "target"), custom=True) from error
        except Misfit as misfit:
            raise BuildError(f"{_called(item)}: {misfit.message}; {misfit.help}", item.path) from misfit
        except Exception as error:  # whatever Keras or TensorFlow raise, it is about this layer
            own = isinstance(item.layer, Custom)
            path = (*item.path, "target") if own else item.path
            message = _of_shapes(acting, taken) or said(error)
            called = "" if message.startswith(f"{_called(item)} ") else f"{_called(item)}: "
            raise BuildError(f"{called}{message}", path, custom=own) from error
        _require_values(item, output)
        _require_constrainable(item, layer)
        yield item, layer, output


def _at_rest(layer: Any) -> dict[str, bool]:
    """Arguments of a call by which a layer that is in training by default, such as Keras' ``Resizing``, is not.

    A layer hands its own default on to those after it: ``model(x)`` would drop units and normalise by the batch, and so
    would an exported model.
    """
    training = inspect.signature(layer.call).parameters.get("training") if isinstance(layer, keras.Layer) else None
    return {"training": False} if training is not None and training.default is True else {}


def _of_shapes(layer: LayerBase, taken: Sequence[Any]) -> str:
    """What the recipe's layer says of the shapes that it gets: Keras' own words name no key. Empty if they fit."""
    try:
        layer.output_shape([tuple(tensor.shape[1:]) for tensor in taken])
    except Misfit as misfit:
        return f"{misfit.message}; {misfit.help}"
    return ""


def _built(item: PlannedLayer, taken: Sequence[Any]) -> Any:
    """The Keras layer, or several that stand for one, which depend on the shape of their input."""
    if isinstance(item.layer, Application):
        return ApplicationLayers(item.layer, tuple(taken[0].shape[1:]))
    if isinstance(item.layer, PositionEmbedding):
        return PositionLayers(item.layer, *taken[0].shape[1:])
    if isinstance(item.layer, PositionEncoding):
        return EncodingLayers(item.layer)
    return build_layer(item.layer, item.folder)


def _called(item: PlannedLayer) -> str:
    return item.layer.target if isinstance(item.layer, Custom) else item.layer.kind


def _require_shapes(layer: LayerBase, taken: Sequence[Any]) -> None:
    """What Keras does not see: a sum that must not broadcast, and a product with the vectors of an embedding.

    Raises:
        Misfit: the layer does not take these shapes.
    """
    if (isinstance(layer, Add) and layer.same_shape) or isinstance(layer, TiedOutput):
        layer.output_shape([tuple(tensor.shape[1:]) for tensor in taken])


def _require_values(item: PlannedLayer, output: Any) -> None:
    """An output is one array, and there is something in it."""
    own = isinstance(item.layer, Custom)
    path = (*item.path, "target") if own else item.path
    if not isinstance(output, keras.KerasTensor):
        raise BuildError(f"{_called(item)}: a layer has one output; received {type(output).__name__}", path, custom=own)
    if any(side is not None and side < 1 for side in output.shape[1:]):
        raise BuildError(f"{_called(item)}: its output would have the shape {output.shape[1:]}", path, custom=own)


def _require_constrainable(item: PlannedLayer, layer: Any) -> None:
    """The axes of a constraint are those of its weights; Keras would only notice at the first update."""
    for variable in layer.trainable_variables:
        if variable.constraint is not None:
            try:
                compute_output_spec(variable.constraint, keras.KerasTensor(variable.shape))
            except ValueError as error:
                message = f"{item.layer.kind}: its {variable.name} of shape {list(variable.shape)}: {said(error)}"
                raise BuildError(message, item.path) from error


def _check_output(
    planned: tuple[PlannedLayer, ...], shape: tuple[int | None, ...], entry: tuple[int | None, ...]
) -> None:
    """Refuse an output that is not one vector, or not one for each step of what enters."""
    if planned[-1].steps:
        if len(shape) != 2 or shape[0] != entry[0]:
            raise BuildError(
                f"the output layer needs features of each of {entry[0]} steps; its output is {shape}",
                planned[-1].path,
            )
    elif len(shape) != 1:
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
    last: Any = None,
) -> Any:
    """A Keras model with fresh weights, from Keras' global seed.

    Args:
        planned: the plan's layers.
        shape: shape of one input.
        name: name of the model.
        scaling: a layer before all others, or None.
        precision: Keras' name of a dtype policy for the layers between it and the output.
        last: a layer behind all others, or None.

    Raises:
        BuildError: when Keras does not accept a layer.
    """
    inputs = keras.Input(shape, name="input")
    *_, (_, _, outputs) = _graph(planned, scaling(inputs) if scaling is not None else inputs, precision)
    _check_output(planned, tuple(outputs.shape[1:]), shape)
    outputs = outputs if last is None else last(outputs)
    return keras.Model(inputs, outputs, name="".join(c if c.isalnum() else "_" for c in name))


def _multiply_adds(
    item: PlannedLayer, layer: Any, inputs: Sequence[tuple[int | None, ...]], output: tuple[int | None, ...]
) -> int | None:
    """None for custom code, of which nothing is known even if its class is derived from one of Keras'."""
    if isinstance(layer, TakenInput | PositionLayers | EncodingLayers):
        return 0
    if isinstance(layer, ApplicationLayers):
        return multiply_adds(layer.model, inputs, output)
    if isinstance(item.layer, TiedOutput):
        return inputs[0][0] * item.layer.output_dim * item.layer.units if inputs[0][0] is not None else None
    return None if isinstance(item.layer, Custom) else multiply_adds(layer, inputs, output)


def layer_shapes(planned: tuple[PlannedLayer, ...], shape: tuple[int, ...]) -> tuple[LayerShape, ...]:
    """Output shape, parameters and multiply-adds of every layer, without allocating a weight.

    Raises:
        BuildError: when Keras does not accept a layer.
    """
    rows: list[LayerShape] = []
    shapes: dict[int, tuple[int | None, ...]] = {ENTRY: shape}
    with without_weights():
        for item, layer, tensor in _graph(planned, keras.Input(shape)):
            output = shapes[len(rows)] = tuple(tensor.shape[1:])
            acting, own = acting_layer(planned, item), item.weights_of is None
            rate = vars(acting)["rate"] if acting.is_dropout else None
            taken = tuple("input" if k == ENTRY else str(planned[k].layer.name) for k in item.inputs)
            rows.append(
                LayerShape(
                    path=item.path,
                    kind=item.layer.kind,
                    output_shape=output,
                    parameters=layer.count_params() if own else 0,
                    dropout=rate,
                    origin=item.origin,
                    name=str(item.layer.name),
                    inputs=taken,
                    weights=tuple(tuple(weight.shape) for weight in layer.weights) if own else (),
                    weights_of="" if item.weights_of is None else str(planned[item.weights_of].layer.name),
                    multiply_adds=_multiply_adds(item, layer, [shapes[k] for k in item.inputs], output),
                    inner_values=inner_values(layer, [shapes[k] for k in item.inputs]),
                    inner=tuple(part.name for part in layer.layers) if isinstance(layer, ApplicationLayers) else (),
                )
            )
    _check_output(planned, rows[-1].output_shape, shape)
    return tuple(rows)
