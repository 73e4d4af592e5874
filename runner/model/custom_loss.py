"""A loss of custom code, held to what a loss is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from runner.custom_import import function_or_object
from runner.errors import BuildError, CodeError
from runner.keras_errors import said_with_kind
from runner.plan.plan import Plan
from schemas.custom import CustomLoss
from schemas.findings import Path as KeyPath
from schemas.layers import Dense

PLACE: KeyPath = ("training", "loss", "target")
_EXAMPLES = 3


def own_loss(loss: CustomLoss, folder: Path | None) -> Callable[[tf.Tensor, tf.Tensor], tf.Tensor]:
    """(targets ``(b,)`` or ``(b, k)``, predictions ``(b, units)``) → one value per example, ``(b,)``.

    The code sees classes as they are, all else in the predictions' type, and as a column ``(b, 1)`` for one unit.

    Raises:
        BuildError: it may not or cannot be imported, or is no loss.
    """
    try:
        function = _function(loss, folder)
    except CodeError as error:
        raise BuildError(str(error), PLACE, custom=True) from error

    def each(y: tf.Tensor, p: tf.Tensor) -> tf.Tensor:
        return one_each(tf.cast(function(as_code_sees(y, p), p), p.dtype))

    return each


def as_code_sees(y: tf.Tensor, p: tf.Tensor) -> tf.Tensor:
    """Targets for custom code: classes ``(b,)`` as they are, all else in the predictions' type and shape."""
    several = y.shape.rank == 2  # numbers or labels, and no class
    return tf.cast(tf.reshape(y, [-1, p.shape[-1]]), p.dtype) if several or p.shape[-1] == 1 else y


def one_each(values: tf.Tensor) -> tf.Tensor:
    """One value an example: a column ``(b, 1)`` as ``(b,)``."""
    return tf.reshape(values, [-1]) if values.shape.rank == 2 and values.shape[-1] == 1 else values


def _function(loss: CustomLoss, folder: Path | None) -> Callable[..., Any]:
    made = function_or_object(loss, folder, keras.losses.Loss, "keras.losses.Loss")
    function: Callable[..., Any] = made
    if isinstance(made, keras.losses.Loss):
        function = made.call  # of each example; a call of the object itself would sum them up
    return function


def require_loss(plan: Plan) -> None:
    """Trace a loss of custom code on shapes alone; Keras' own have nothing to prove.

    Raises:
        BuildError: it fails, or does not give one value per example.
    """
    if not isinstance(plan.loss, CustomLoss):
        return
    function = own_loss(plan.loss, plan.code_folder)
    output = plan.layers[-1].layer
    units = output.units if isinstance(output, Dense) else None
    shape = [_EXAMPLES, *([len(plan.data.targets)] if plan.data.targets else [])]
    kind = tf.uint8 if plan.data.labels else tf.float32 if plan.data.classes is None else tf.int32
    targets = tf.TensorSpec(shape, kind)
    try:
        traced = tf.function(function).get_concrete_function(targets, tf.TensorSpec([_EXAMPLES, units], tf.float32))
    except Exception as error:  # it is somebody's own, and may raise anything
        raise BuildError(f"{plan.loss.target}: {said_with_kind(error)}", PLACE, custom=True) from error
    shape = traced.output_shapes
    if not isinstance(shape, tf.TensorShape) or not shape.is_compatible_with([_EXAMPLES]):
        what = "one value per example, of shape (batch,)"
        raise BuildError(f"{plan.loss.target} must give {what}; received the shape {shape}", PLACE, custom=True)
