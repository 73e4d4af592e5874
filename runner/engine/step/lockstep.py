"""Parts of a batch that go through the layers side by side, and meet where a batch is normalised.

Parts that are computed apart cannot know the moments of the whole batch. Here every layer is applied to all parts
before the next one, so that batch normalisation takes its moments over all of them; TensorFlow still runs the
operations of different parts at the same time.
"""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from runner.model.rate_groups import factor_of


def outputs_of_parts(model: Any, parts: Sequence[tf.Tensor]) -> list[tf.Tensor]:
    """What the model makes of each part in training, as if the parts were one batch.

    Dropout masks are drawn part after part within each layer, which is the order of parts that are computed apart.

    Args:
        model: functional, with one input and one output.
        parts: of a batch, each ``(bⱼ, *shape)``; some may be empty, not all.

    Returns:
        Outputs of each part, ``(bⱼ, units)``.
    """
    tables = [{id(model.inputs[0]): part} for part in parts]
    for depth in sorted(model._nodes_by_depth, reverse=True):
        for node in model._nodes_by_depth[depth]:
            if node.is_input:
                continue
            taken = [node.arguments.fill_in(table) for table in tables]
            for table, output in zip(tables, _applied(node.operation, taken), strict=True):
                table |= {id(slot): value for slot, value in zip(node.outputs, tf.nest.flatten(output), strict=True)}
    return [table[id(model.outputs[0])] for table in tables]


def _applied(layer: Any, taken: Sequence[tuple[tuple[Any, ...], dict[str, Any]]]) -> list[Any]:
    """A layer's outputs for the arguments of each part."""
    if isinstance(layer, keras.layers.BatchNormalization) and layer.trainable:
        return _normalised_unless_frozen(layer, [args[0] for args, _ in taken])
    context = {"training": True} if "training" in getattr(layer, "_call_context_args", {}) else {}
    return [layer(*args, **{**kwargs, **context}) for args, kwargs in taken]


def _normalised_unless_frozen(layer: Any, parts: Sequence[tf.Tensor]) -> list[tf.Tensor]:
    """By the moments of all parts; while a group that the layer is in is frozen, by its moving averages."""
    factor = factor_of(layer)
    if factor is None:
        return _normalised(layer, parts)
    return list(
        tf.cond(
            factor > 0,
            lambda: _normalised(layer, parts),
            lambda: [layer(part, training=False) for part in parts],
        )
    )


def _normalised(layer: Any, parts: Sequence[tf.Tensor]) -> list[tf.Tensor]:
    """γ·(x − μ)/√(σ² + ε) + β with μ = Σx/n and σ² = Σ(x − μ)²/n over the examples of all parts, in float32.

    As in Keras' layer the moving averages follow: m ← m·momentum + μ·(1 − momentum).
    """
    parts = [tf.cast(part, tf.float32) for part in parts]
    axes = [axis for axis in range(parts[0].shape.rank) if axis != layer.axis % parts[0].shape.rank]
    shape = [1 if axis in axes else -1 for axis in range(parts[0].shape.rank)]
    count = tf.cast(tf.add_n([tf.size(part) for part in parts]), tf.float32) / parts[0].shape[layer.axis]
    mean = tf.add_n([tf.reduce_sum(part, axes) for part in parts]) / count
    wide = tf.reshape(mean, shape)
    variance = tf.add_n([tf.reduce_sum(tf.math.squared_difference(part, wide), axes) for part in parts]) / count
    for average, value in ((layer.moving_mean, mean), (layer.moving_variance, variance)):
        average.assign(average * layer.momentum + tf.stop_gradient(value) * (1.0 - layer.momentum))
    factor = tf.math.rsqrt(variance + layer.epsilon)
    factor = factor if layer.gamma is None else factor * layer.gamma
    offset = -mean * factor if layer.beta is None else layer.beta - mean * factor
    factor, offset = tf.reshape(factor, shape), tf.reshape(offset, shape)
    return [tf.cast(part * factor + offset, layer.compute_dtype) for part in parts]
