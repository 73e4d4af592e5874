"""How many values a layer gives within it for one example, beyond its output, that the backward pass needs.

For attention these are most of what a model keeps: they grow with the square of the steps.
"""

import math
from collections.abc import Sequence
from typing import Any

import keras

from runner.model.application import ApplicationLayers

Sides = tuple[int | None, ...]
"""A shape without the batch axis; None for a side that depends on the example, which counts as 1."""


def inner_values(layer: Any, inputs: Sequence[Sides]) -> int:
    """Values of the layers of an application before the last one; of attention scores, weights and projections.

    Args:
        layer: of Keras, built, or an application.
        inputs: shapes of its inputs.
    """
    if isinstance(layer, ApplicationLayers):
        return layer.inner_values()
    if isinstance(layer, keras.layers.MultiHeadAttention | keras.layers.GroupQueryAttention):
        return _of_heads(layer, inputs)
    if isinstance(layer, keras.layers.Attention):  # additive attention is one too
        return _of_scores(layer, inputs)
    return 0


def _product(sides: Sequence[int | None]) -> int:
    return math.prod(side or 1 for side in sides)


def _maps(layer: Any) -> int:
    """Scores and their softmax, and what dropout leaves of it."""
    return 3 if getattr(layer, "dropout", 0) or getattr(layer, "_dropout", 0) else 2


def _of_heads(layer: Any, inputs: Sequence[Sides]) -> int:
    """T · h · (k + v) + S · h' · (k + v) + 2 · h · T · S, with dropout 3 · h · T · S.

    For T queries and S keys, h heads of queries and h' of keys and values, with k and v features each. With axes that
    are not attended, that many times.
    """
    query, value = inputs[0], inputs[1] if len(inputs) > 1 else inputs[0]
    heads, key_size = (int(side) for side in layer._query_dense.kernel.shape[-2:])
    shared, value_size = (int(side) for side in layer._value_dense.kernel.shape[-2:])
    queries, keys = _product(query[:-1]), _product(value[:-1])
    attended = getattr(layer, "_attention_axes", None) or tuple(range(1, len(query)))
    apart = _product([side for axis, side in enumerate(query[:-1], start=1) if axis not in attended])
    maps = _maps(layer) * heads * (queries * keys // apart)
    return (queries * heads + keys * shared) * (key_size + value_size) + maps


def _of_scores(layer: Any, inputs: Sequence[Sides]) -> int:
    """2 · T · S, with dropout 3 · T · S; additive attention has T · S · d sums of query and key before."""
    query, value = inputs[0], inputs[1] if len(inputs) > 1 else inputs[0]
    pairs = _product([query[0], value[0]])
    sums = _product([query[-1]]) if isinstance(layer, keras.layers.AdditiveAttention) else 0
    return pairs * (_maps(layer) + sums)
