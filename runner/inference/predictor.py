"""A trained model as a function of a batch, compiled once for batches of any size."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.engine.step.tracing import compiled
from runner.errors import InputError
from runner.inference.predictions import Inputs, Outputs, Predict

Array = NDArray[Any]
BATCH = 256
"""Examples a call."""
_MAKE_NOISE = ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout", "GaussianDropout")


_DROP_WITHIN = ("LSTM", "GRU", "SimpleRNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Attention", "AdditiveAttention")
"""Layers that have dropout of their own; those of several heads have a layer of it, which is found by itself."""


_KNOWN = ("keras", "runner")
"""Packages whose layers need no AutoGraph."""


def _drops(layer: Any) -> bool:
    name = type(layer).__name__
    if name in _DROP_WITHIN:
        return bool(layer.dropout > 0 or getattr(layer, "recurrent_dropout", 0) > 0)
    return name in _MAKE_NOISE and layer.rate > 0


def compile_prediction(model: Any) -> Callable[[Inputs], Array]:
    """Inputs ``(b, *shape)``, columns ``(b, 1)`` or texts ``(b,)`` → outputs ``(b, units)``, with dropout off."""

    def predicted(x: Any) -> tf.Tensor:
        return model(x, training=False)

    predict = compiled(predicted, own_code=has_own_code(model), input_signature=[_signature(model)])
    return lambda x: np.asarray(predict(_tensors(x)))


def has_own_code(model: Any) -> bool:
    """Whether a layer of the model is of a class that is neither Keras' nor the program's."""
    return any(type(layer).__module__.partition(".")[0] not in _KNOWN for layer in model._flatten_layers())


def _signature(model: Any) -> Any:
    """Of inputs of any number."""
    if isinstance(model.input, dict):
        return {name: _spec(tensor) for name, tensor in model.input.items()}
    return _spec(model.inputs[0])


def _spec(tensor: Any) -> Any:
    return tf.TensorSpec([None, *tensor.shape[1:]], tf.string if str(tensor.dtype) == "string" else tf.float32)


def _tensors(x: Inputs) -> Any:
    if isinstance(x, Mapping):
        return {name: _tensors(column) for name, column in x.items()}
    return tf.constant(x, tf.string if x.dtype.kind in "OUS" else tf.float32)


def make_predictor(model: Any, samples: int = 0, seed: int = 0) -> Predict:
    """The model with dropout off, and, where samples are wanted, also with dropout on.

    Args:
        model: a trained one.
        samples: how often each example is predicted with dropout on; 0: never.
        seed: of the masks.

    Raises:
        InputError: samples are wanted of a model without dropout.
    """
    predict = compile_prediction(model)
    if samples == 0:
        return lambda x: Outputs(predict(x))
    sample = _compile_samples(model, samples, seed)
    return lambda x: Outputs(predict(x), *sample(x))


def _compile_samples(model: Any, samples: int, seed: int) -> Callable[[Inputs], tuple[Array, Array]]:
    """Mean and standard deviation over calls with dropout on; all else, such as batch normalisation, stays as it is."""
    layers = [layer for layer in model._flatten_layers() if _drops(layer)]
    if not layers:
        raise InputError(
            "--mc-samples: the model has no dropout, so that every sample would be the same",
            "leave the option out, or train with dropout",
        )
    for number, layer in enumerate(layers):
        getattr(layer, "cell", layer).seed_generator.state.assign(np.array([seed % 2**32, number], np.uint32))

    def moments(x: Any) -> tuple[tf.Tensor, tf.Tensor]:
        def follow(i: tf.Tensor, mean: tf.Tensor, squares: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
            values = tf.cast(model(x, training=False), tf.float64)  # Welford's running mean and sum of squares
            step = values - mean
            later = mean + step / tf.cast(i + 1, tf.float64)
            return i + 1, later, squares + step * (values - later)

        zeros = tf.zeros([tf.shape(tf.nest.flatten(x)[0])[0], model.output_shape[-1]], tf.float64)
        with _dropout_on(layers):
            _, mean, squares = tf.while_loop(lambda i, *_: i < samples, follow, [tf.constant(0), zeros, zeros])
        return mean, tf.sqrt(squares / samples)

    sample = compiled(moments, own_code=has_own_code(model), input_signature=[_signature(model)])

    def sampled(x: Inputs) -> tuple[Array, Array]:
        mean, deviation = sample(_tensors(x))
        return np.asarray(mean), np.asarray(deviation)

    return sampled


@contextmanager
def _dropout_on(layers: list[keras.layers.Layer]) -> Iterator[None]:
    """While the block runs these layers drop units whatever they are called with."""
    for layer in layers:
        layer.call = _in_training(layer.call)
    try:
        yield
    finally:
        for layer in layers:
            del layer.call


def _in_training(call: Callable[..., Any]) -> Callable[..., Any]:
    def called(*args: Any, training: bool = False, **named: Any) -> Any:
        return call(*args, training=True, **named)

    return called
