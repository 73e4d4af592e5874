"""Inputs of records, decoded many at a time by TensorFlow."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from runner.data.examples import Array
from runner.hardware.cores import cores
from schemas.record_data import RecordFeature

_STORED = dict.fromkeys(("int64", "float64"), "float32")
"""In which types inputs are kept where they are not as they are: the model takes float32 in any case."""


@dataclass(frozen=True)
class Inputs:
    """What the model sees of a record: one feature, or several that are put together to a row of numbers."""

    features: tuple[tuple[str, RecordFeature], ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one input."""
        (_, first), *others = self.features
        if others:
            return (sum(math.prod(feature.shape) for _, feature in self.features),)
        return tuple(first.shape) or (1,)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the inputs as they are kept."""
        (_, first), *others = self.features
        return np.dtype("float32" if others else _STORED.get(first.dtype, first.dtype))


def decoder(inputs: Inputs) -> Callable[[Sequence[bytes]], Array]:
    """A function of some records that gives their inputs, shape ``(n, *inputs.shape)``.

    It raises ``tf.errors.OpError`` where an image cannot be decoded or has another size than is declared.
    """
    import tensorflow as tf

    spec = {name: _spec(feature) for name, feature in inputs.features}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])  # type: ignore[untyped-decorator]
    def decoded(records: Any) -> Any:
        parsed = tf.io.parse_example(records, spec)
        parts = [_values(parsed[name], feature) for name, feature in inputs.features]
        if len(parts) > 1:
            rows = [tf.cast(tf.reshape(part, [-1, math.prod(part.shape[1:])]), tf.float32) for part in parts]
            parts = [tf.concat(rows, axis=1)]
        return tf.reshape(tf.cast(parts[0], tf.as_dtype(inputs.dtype)), [-1, *inputs.shape])

    def call(records: Sequence[bytes]) -> Array:
        found: Array = decoded(tf.constant(list(records), tf.string)).numpy()
        return found

    return call


def _spec(feature: RecordFeature) -> Any:
    import tensorflow as tf

    if feature.encoding is not None:
        return tf.io.FixedLenFeature([], tf.string)
    return tf.io.FixedLenFeature(list(feature.shape), tf.float32 if feature.dtype.startswith("float") else tf.int64)


def _values(parsed: Any, feature: RecordFeature) -> Any:
    """Values of a feature of all records, shape ``(n, *shape)``."""
    import tensorflow as tf

    from runner.data.pixels import decode as pixels

    dtype = tf.as_dtype(feature.dtype)
    if feature.encoding is None:
        return parsed
    if feature.encoding == "raw":
        return tf.reshape(tf.io.decode_raw(parsed, dtype, little_endian=True), [-1, *feature.shape])

    def image(content: Any) -> Any:
        channels = feature.shape[-1]
        if feature.encoding == "png":
            return tf.ensure_shape(tf.io.decode_png(content, channels, dtype), feature.shape)
        return tf.ensure_shape(pixels.decoded(content, channels), feature.shape)

    spec = tf.TensorSpec(feature.shape, dtype)
    return tf.map_fn(image, parsed, fn_output_signature=spec, parallel_iterations=cores())
