"""Batch normalization in one operation forward and one backward."""

import platform
from typing import Any

import keras
import tensorflow as tf

_RANKS = (3, 4)
"""Of inputs that the kernel is faster for: sequences and images. For ``(b, units)`` it gains nothing."""


class BatchNormalization(keras.layers.BatchNormalization):  # type: ignore[misc]
    """y = γ·(x − μ)/√(σ² + ε) + β with the moments μ, σ² of the batch, in float32, as Keras' layer has it.

    Keras composes it of about twenty elementwise operations and sums, each of which reads or writes all of x. Once
    :meth:`fuse` is called, training uses TensorFlow's fused kernel, which on a CPU is oneDNN's; a relu that follows
    becomes part of it. The results are the same but for rounding.

    The kernel's variance is the unbiased one, v = σ²·n/(n − 1) over the n values of a channel; the moving average
    follows v·(n − 1)/n = σ², as Keras' does.

    State and name are those of Keras' layer: a saved model opens without this module.
    """

    __module__ = "keras.layers"

    _fused = False

    def fuse(self) -> None:
        """Use the fused kernel in training from now on, where it does what the layer is asked for."""
        self._fused = True

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Normalize by the batch's moments in training, otherwise by their moving averages."""
        if not (training and self.trainable and mask is None and self._fusible(inputs)):
            return super().call(inputs, training=training, mask=mask)
        x = tf.cast(inputs, tf.float32)
        outputs, mean, unbiased = self._normalized(_as_image(x))
        n = tf.cast(tf.size(x), tf.float32) / x.shape[-1]
        for average, moment in ((self.moving_mean, mean), (self.moving_variance, unbiased * ((n - 1.0) / n))):
            average.assign(average * self.momentum + tf.stop_gradient(moment) * (1.0 - self.momentum))
        outputs = outputs if x.shape.rank == 4 else tf.squeeze(outputs, 2)
        return tf.cast(outputs, self.compute_dtype)

    def _fusible(self, inputs: Any) -> bool:
        """Whether the kernel does this: one device, channels last, and not renormalized."""
        rank = inputs.shape.rank
        plain = not (self.synchronized or getattr(self, "renorm", False))
        return self._fused and plain and rank in _RANKS and self.axis % rank == rank - 1

    def _normalized(self, x: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """(outputs, μ, v) of ``(b, height, width, channels)``."""
        channels = [x.shape[-1]]
        outputs, mean, unbiased, *_ = tf.raw_ops.FusedBatchNormV3(
            x=x,
            scale=tf.ones(channels) if self.gamma is None else tf.convert_to_tensor(self.gamma),
            offset=tf.zeros(channels) if self.beta is None else tf.convert_to_tensor(self.beta),
            mean=tf.zeros([0]),
            variance=tf.zeros([0]),
            epsilon=self.epsilon,
            is_training=True,
        )
        return outputs, mean, unbiased


def _as_image(x: tf.Tensor) -> tf.Tensor:
    """``(b, length, channels)`` as ``(b, length, 1, channels)``; an image as it is."""
    return x if x.shape.rank == 4 else tf.expand_dims(x, 2)


def fuse(model: Any) -> None:
    """Let all layers of a model that normalize batches use the fused kernel in training."""
    for layer in model._flatten_layers():
        if isinstance(layer, BatchNormalization):
            layer.fuse()


def has_fast_kernel() -> bool:
    """Whether TensorFlow uses oneDNN here, whose kernel is the fast one; Eigen's is slower than the composition.

    On x86-64 alone: on Arm oneDNN has other kernels, which have not been measured.
    """
    from tensorflow.python.util import _pywrap_util_port

    return platform.machine().lower() in ("x86_64", "amd64") and bool(_pywrap_util_port.IsMklEnabled())
