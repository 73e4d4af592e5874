"""Keras' other kinds of dropout, whose rates a curve may drive as well.

Without a curve they are Keras' layers and nothing else; at factor 1 they give the same bits. All go by the names of
Keras' layers: a saved model opens without this module.
"""

from typing import Any

import keras
import tensorflow as tf

from runner.model.dropout import Driven, masked

_SCALE, _ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
_SMALLEST = -_SCALE * _ALPHA
"""What selu approaches for inputs far below 0."""


class AlphaDropout(Driven, keras.layers.AlphaDropout):  # type: ignore[misc]
    """Sets a fraction of the inputs to selu's smallest value α', then a · x + b.

    With the rate p, a = ((1 − p) · (1 + p · α'²))^−½ and b = −a · α' · p keep mean and variance.
    """

    __module__ = "keras.layers"

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Drop values in training; otherwise give the inputs back."""
        if not training or self.rate == 0 or self._driven is None:
            return super().call(inputs, training=training)
        rate = self._driven()
        uniform = tf.random.stateless_uniform(tf.shape(inputs), self.drawn_seed())
        kept = tf.cast(uniform >= tf.cast(rate, tf.float32), inputs.dtype)
        a = ((1 - rate) * (1 + rate * _SMALLEST**2)) ** -0.5
        b = -a * _SMALLEST * rate
        return tf.cast(a, inputs.dtype) * (inputs * kept + _SMALLEST * (1 - kept)) + tf.cast(b, inputs.dtype)


class GaussianDropout(Driven, keras.layers.GaussianDropout):  # type: ignore[misc]
    """x · n with n ∼ N(1, p / (1 − p)) for the rate p."""

    __module__ = "keras.layers"

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Multiply by noise in training; otherwise give the inputs back."""
        if not training or self.rate == 0 or self._driven is None:
            return super().call(inputs, training=training)
        rate = self._driven()
        deviation = tf.cast(tf.sqrt(rate / (1 - rate)), self.compute_dtype)
        shape, seed = tf.shape(inputs), self.drawn_seed()
        return inputs * tf.random.stateless_normal(shape, seed, mean=1.0, stddev=deviation, dtype=self.compute_dtype)


class _Spatial(Driven):
    """Drops whole channels of each example."""

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Drop channels in training; otherwise give the inputs back."""
        if not training or self.rate == 0 or self._driven is None:
            return super().call(inputs, training=training)  # type: ignore[misc]
        sides = tf.shape(inputs)
        shape = [sides[0], *(1,) * (len(inputs.shape) - 2), sides[-1]]
        return masked(inputs, self._driven(), shape, self.drawn_seed())


class SpatialDropout1D(_Spatial, keras.layers.SpatialDropout1D):  # type: ignore[misc]
    """Drops whole features, over all steps."""

    __module__ = "keras.layers"


class SpatialDropout2D(_Spatial, keras.layers.SpatialDropout2D):  # type: ignore[misc]
    """Drops whole channels, over height and width."""

    __module__ = "keras.layers"


class SpatialDropout3D(_Spatial, keras.layers.SpatialDropout3D):  # type: ignore[misc]
    """Drops whole channels, over all sides."""

    __module__ = "keras.layers"


BY_KIND = {
    "alpha_dropout": AlphaDropout,
    "gaussian_dropout": GaussianDropout,
    "spatial_dropout1d": SpatialDropout1D,
    "spatial_dropout2d": SpatialDropout2D,
    "spatial_dropout3d": SpatialDropout3D,
}
