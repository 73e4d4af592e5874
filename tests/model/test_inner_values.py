"""Values that attention keeps within it, against counts by hand."""

from typing import Any

import keras
import pytest

from runner.model.inner_values import inner_values

L = keras.layers


@pytest.mark.parametrize(
    ("layer", "inputs", "expected"),
    [
        (
            L.MultiHeadAttention(num_heads=2, key_dim=5, value_dim=3),
            [(7, 8), (9, 6)],
            7 * 2 * 5 + 9 * 2 * 5 + 9 * 2 * 3 + 7 * 2 * 3 + 2 * (2 * 7 * 9),
        ),
        (L.MultiHeadAttention(2, 5, dropout=0.1), [(7, 8), (7, 8)], 4 * (7 * 2 * 5) + 3 * (2 * 7 * 7)),
        (
            L.MultiHeadAttention(2, 5, attention_axes=2),
            [(4, 7, 8), (4, 7, 8)],
            4 * (4 * (7 * 2 * 5) + 2 * (2 * 7 * 7)),
        ),
        (
            L.GroupQueryAttention(head_dim=5, num_query_heads=4, num_key_value_heads=2),
            [(7, 8), (7, 8)],
            2 * (7 * 4 * 5) + 2 * (7 * 2 * 5) + 2 * (4 * 7 * 7),
        ),
        (L.Attention(), [(7, 8), (9, 8)], 2 * 7 * 9),
        (L.Attention(dropout=0.1), [(7, 8), (9, 8)], 3 * 7 * 9),
        (L.AdditiveAttention(), [(7, 8), (9, 8)], 2 * 7 * 9 + 7 * 9 * 8),
        (L.Dense(4), [(7, 8)], 0),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, keras.Layer) else "",
)
def test_attention_keeps_projections_and_maps(layer: Any, inputs: list[tuple[int, ...]], expected: int) -> None:
    tensors = [keras.Input(shape) for shape in inputs]
    by_place = isinstance(layer, L.MultiHeadAttention | L.GroupQueryAttention)
    layer(*tensors) if by_place else layer(tensors if len(tensors) > 1 else tensors[0])
    assert inner_values(layer, inputs) == expected
