"""How a model is traced for the runtimes of others: without what only TensorFlow has."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from runner.inference.export.formats import Format
from runner.quiet import quiet

_LOOPLESS = ("litert", "openvino")
"""Formats that have no lists of tensors, in which TensorFlow's loops collect the outputs of their steps."""
MOST_STEPS = 500
"""Of a recurrent layer that is written without a loop: the time that takes grows with the square of the steps."""


@contextmanager
def quietly() -> Iterator[None]:
    """Without what the converters have to say of their own progress and of NumPy's past."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with quiet(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


@contextmanager
def as_others_can(model: Any, form: Format) -> Iterator[None]:
    """While the block runs the model is traced so that the runtime of a format can run the graph, with equal outputs.

    Args:
        model: a built one.
        form: that it is exported to.
    """
    with ExitStack() as changes:
        changes.enter_context(_statistics_as_arrays(model))
        if form != "savedmodel":
            changes.enter_context(_without_xla())
        if form in _LOOPLESS:
            changes.enter_context(_unrolled(model))
        yield


@contextmanager
def _statistics_as_arrays(model: Any) -> Iterator[None]:
    """While the block runs the mean and variance of a Normalization are arrays, which are traced as constants.

    They are tensors otherwise, which tf2onnx makes inputs of the model.
    """
    with ExitStack() as changes:
        for layer in model.layers:
            if isinstance(layer, keras.layers.Normalization):
                changes.enter_context(_with(layer, mean=np.asarray(layer.mean), variance=np.asarray(layer.variance)))
        yield


@contextmanager
def _without_xla() -> Iterator[None]:
    """While the block runs what Keras compiles with XLA, such as a convolution in groups, is traced in place.

    It would be a call of a function otherwise, which only TensorFlow's runtime has.
    """
    function = tf.function

    def in_place(*args: Any, **options: Any) -> Any:
        return (lambda inner: inner) if options == {"jit_compile": True} and not args else function(*args, **options)

    with _with(tf, function=in_place):
        yield


@contextmanager
def _unrolled(model: Any) -> Iterator[None]:
    """While the block runs short recurrent layers are traced step by step, and their cells draw no masks.

    The cells draw masks of dropout even where none is used.
    """
    with ExitStack() as changes:
        for part in _recurrent_parts(model):
            if getattr(part, "unroll", True) is False:
                changes.enter_context(_with(part, unroll=True))
            if hasattr(part, "get_dropout_mask"):
                changes.enter_context(_with(part, dropout=0.0, recurrent_dropout=0.0))
        yield


def _recurrent_parts(model: Any) -> Iterator[Any]:
    """What layers of few steps consist of: the recurrent layer itself, its cell, both directions of one."""
    for layer in model.layers:
        steps = layer._inbound_nodes[0].input_tensors[:1]
        if steps and len(steps[0].shape) > 2 and (steps[0].shape[1] or 0) <= MOST_STEPS:
            yield from layer._flatten_layers()


@contextmanager
def _with(part: Any, **values: Any) -> Iterator[None]:
    """Attributes that have other values while the block runs."""
    before = {name: getattr(part, name) for name in values}
    for name, value in values.items():
        setattr(part, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(part, name, value)
