"""A trained model as a function of a batch, compiled once for batches of any size."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.errors import InputError
from runner.inference.predictions import Inputs, Outputs, Predict

Array = NDArray[Any]
BATCH = 256
"""Examples a call."""
_MAKE_NOISE = ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout", "GaussianDropout")


_DROP_WITHIN = ("LSTM", "GRU", "SimpleRNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Attention", "AdditiveAttention")
"""Layers that have dropout of their own; those of several heads have a layer of it, which is found by itself."""


def _drops(layer: Any) -> bool:
    name = type(layer).__name__
    if name in _DROP_WITHIN:
        return bool(layer.dropout > 0 or getattr(layer, "recurrent_dropout", 0) > 0)
    return name in _MAKE_NOISE and layer.rate > 0


def compile_prediction(model: Any) -> Callable[[Inputs], Array]:
    """Inputs ``(b, *shape)``, columns ``(b, 1)`` or texts ``(b,)`` → outputs ``(b, units)``, with dropout off."""

    @tf.function(input_signature=[_signature(model)])  # type: ignore[untyped-decorator]
    def predict(x: Any) -> tf.Tensor:
        return model(x, training=False)

    return lambda x: np.asarray(predict(_tensors(x)))


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

    @tf.function(input_signature=[_signature(model)])  # type: ignore[untyped-decorator]
    def sample(x: Any) -> tuple[tf.Tensor, tf.Tensor]:
        with _dropout_on(layers):
            mean = tf.zeros([tf.shape(tf.nest.flatten(x)[0])[0], model.output_shape[-1]], tf.float64)
            squares = tf.zeros_like(mean)
            for i in tf.range(samples):  # Welford's running mean and sum of squares
                values = tf.cast(model(x, training=False), tf.float64)
                step = values - mean
                mean += step / tf.cast(i + 1, tf.float64)
                squares += step * (values - mean)
        return mean, tf.sqrt(squares / samples)

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
