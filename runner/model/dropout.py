"""Dropout with cheaper masks."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import tensorflow as tf

_LEVELS = 1 << 16


class Driven:
    """A dropout layer whose rate a variable may multiply."""

    rate: float
    seed_generator: Any
    _driven: Callable[[], tf.Tensor] | None = None
    """Gives the rate in float64, where a curve drives it; a function, because the variable is not the layer's own."""

    def follow(self, factor: tf.Variable) -> None:
        """Multiply the rate by a variable from now on; the saved model has the rate alone."""
        self._driven = partial(_product, self.rate, factor)

    def drawn_seed(self) -> tf.Tensor:
        """What Keras draws a mask from; the generator moves on."""
        return tf.cast(self.seed_generator.next(), tf.int32)


def _product(rate: float, factor: tf.Variable) -> tf.Tensor:
    return rate * tf.cast(factor, tf.float64)


def masked(inputs: tf.Tensor, rate: tf.Tensor, shape: Any, seed: tf.Tensor) -> tf.Tensor:
    """Inputs · mask / (1 − rate), as Keras computes it for a rate that is a number, to the bit.

    Args:
        inputs: any floating type.
        rate: in float64.
        shape: of the mask, which is broadcast.
        seed: two numbers.
    """
    kept = tf.random.stateless_uniform(shape, seed, dtype=inputs.dtype) >= tf.cast(rate, inputs.dtype)
    return tf.where(kept, inputs * tf.cast(1 / (1 - rate), inputs.dtype), tf.zeros([], inputs.dtype))


class Dropout(Driven, keras.layers.Dropout):  # type: ignore[misc]
    """y = x · mask / keep, a unit being kept where its 16 random bits are not below rate · 2¹⁶.

    Keras draws a float32 for every unit, which takes a fifth of the training of a small MLP; one uint32 serves two
    units here. The rate is rounded to a multiple of 2⁻¹⁶, and ``keep`` is exactly the share that is kept, so that
    the expected output is the input.

    A curve may multiply the rate by a factor, see :meth:`follow`: the traced step then reads it from a variable. At
    factor 1 masks and outputs are those of a constant rate, to the bit.

    The state is that of Keras' layer (its seed generator's), and the class goes by the name of Keras' layer: a saved
    model opens without this module.
    """

    __module__ = "keras.layers"

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Drop units in training; otherwise give the inputs back."""
        if not training or self.rate == 0 or self.noise_shape is not None:
            return super().call(inputs, training=training)
        if self._driven is None:
            dropped = round(self.rate * _LEVELS)
            threshold, scale = tf.constant(dropped, tf.uint16), tf.constant(_LEVELS / (_LEVELS - dropped))
        else:
            levels = _levels_dropped(self._driven())
            threshold, scale = tf.cast(levels, tf.uint16), tf.cast(_LEVELS / (_LEVELS - levels), tf.float32)
        kept = tf.cast(self._levels(inputs) >= threshold, inputs.dtype)
        return inputs * (kept * tf.cast(scale, inputs.dtype))

    def _levels(self, inputs: Any) -> tf.Tensor:
        """Uniform numbers 0 … 2¹⁶ − 1 in the shape of the inputs, two from every uint32 drawn."""
        shape = tf.shape(inputs)
        units = math.prod(side if side is not None else shape[i] for i, side in enumerate(inputs.shape))
        seed = self.drawn_seed()
        bits = tf.random.stateless_uniform([(units + 1) // 2], seed, minval=None, maxval=None, dtype=tf.uint32)
        levels = tf.reshape(tf.bitcast(bits, tf.uint16), [-1])
        return tf.reshape(levels if _even(inputs.shape[1:]) else levels[:units], shape)


class DropPath(Driven, keras.layers.Dropout):  # type: ignore[misc]
    """y = x · b / (1 − rate), with one b ∼ Bernoulli(1 − rate) for each example.

    That is Keras' dropout with a mask of one value per example: the layer goes by its name, and its file says the shape
    of the mask.
    """

    __module__ = "keras.layers"

    def build(self, input_shape: Any) -> None:
        """The mask has a side of 1 for every axis but the batch."""
        self.noise_shape = (None, *(1,) * (len(input_shape) - 1))
        super().build(input_shape)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Drop whole examples in training; otherwise give the inputs back."""
        if not training or self.rate == 0 or self._driven is None:
            return super().call(inputs, training=training)
        shape = [tf.shape(inputs)[0], *(1,) * (len(inputs.shape) - 1)]
        return masked(inputs, self._driven(), shape, self.drawn_seed())


DropPath.__name__ = DropPath.__qualname__ = "Dropout"


def _levels_dropped(rate: tf.Tensor) -> tf.Tensor:
    """Rate · 2¹⁶, rounded as Python rounds, in float64; at least one level is always kept."""
    return tf.minimum(tf.round(rate * _LEVELS), _LEVELS - 1)


def follow(model: Any, factor: tf.Variable) -> None:
    """Multiply the rates of all dropout layers of a model by a variable."""
    for layer in model._flatten_layers():
        if isinstance(layer, Driven):
            layer.follow(factor)


def _even(sides: Any) -> bool:
    """Whether there is an even number of units whatever the batch: then the last draw is used up."""
    return any(side is not None and side % 2 == 0 for side in sides)
