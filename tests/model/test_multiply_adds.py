"""Multiply-adds of layers, against counts by hand."""

from typing import Any

import keras
import pytest

from runner.model.multiply_adds import multiply_adds

L = keras.layers


@pytest.mark.parametrize(
    ("layer", "inputs", "expected"),
    [
        (L.Dense(10), [(784,)], 784 * 10),
        (L.Dense(4), [(7, 3)], 7 * 3 * 4),
        (L.Conv2D(8, 3), [(28, 28, 3)], 26 * 26 * (3 * 3 * 3) * 8),
        (L.Conv2D(8, 3, strides=2, padding="same", groups=2), [(28, 28, 4)], 14 * 14 * (3 * 3 * 2) * 8),
        (L.Conv1D(8, 5, padding="same"), [(20, 3)], 20 * 5 * 3 * 8),
        (L.Conv3D(2, 3), [(5, 5, 5, 1)], 3**3 * 3**3 * 2),
        (L.DepthwiseConv2D(3, depth_multiplier=2, padding="same"), [(8, 8, 4)], 64 * 9 * 4 * 2),
        (L.SeparableConv2D(16, 3, padding="same"), [(8, 8, 4)], 64 * (9 * 4 + 4 * 16)),
        (L.Conv2DTranspose(8, 3, strides=2), [(5, 5, 4)], 25 * 9 * 4 * 8),
        (L.LSTM(32), [(12, 6)], 12 * 4 * (6 * 32 + 32 * 32)),
        (L.GRU(32), [(12, 6)], 12 * 3 * (6 * 32 + 32 * 32)),
        (L.SimpleRNN(5), [(12, 6)], 12 * (6 * 5 + 25)),
        (L.Bidirectional(L.LSTM(3)), [(12, 6)], 2 * 12 * 4 * (6 * 3 + 9)),
        (L.TimeDistributed(L.Dense(4)), [(12, 6)], 12 * 24),
        (
            L.MultiHeadAttention(num_heads=2, key_dim=5, value_dim=3),
            [(7, 8), (9, 6)],
            7 * 8 * 10 + 9 * 6 * 10 + 9 * 6 * 6 + 2 * 7 * 9 * (5 + 3) + 7 * 6 * 8,
        ),
        (
            L.MultiHeadAttention(num_heads=2, key_dim=5, attention_axes=2),
            [(4, 7, 8), (4, 7, 8)],
            4 * (3 * 7 * 8 * 10 + 2 * 7 * 7 * (5 + 5) + 7 * 10 * 8),
        ),
        (
            L.GroupQueryAttention(head_dim=5, num_query_heads=4, num_key_value_heads=2),
            [(7, 8), (7, 8)],
            7 * 8 * 20 + 2 * 7 * 8 * 10 + 4 * 7 * 7 * 10 + 7 * 20 * 8,
        ),
        (L.Attention(), [(7, 8), (9, 8)], 7 * 9 * (8 + 8)),
        (L.AdditiveAttention(), [(7, 8), (9, 8)], 7 * 9 * (8 + 8)),
        (L.Dot(axes=2), [(7, 8), (9, 8)], 7 * 9 * 8),
        (L.EinsumDense("abc,cd->abd", output_shape=(7, 4)), [(7, 3)], 7 * 3 * 4),
        (L.EinsumDense("...x,xy->...y", output_shape=4), [(7, 3)], 7 * 3 * 4),
        (L.BatchNormalization(), [(8, 8, 4)], 0),
        (L.MaxPooling2D(), [(8, 8, 4)], 0),
        (L.Embedding(10, 4), [(12,)], 0),
        (L.Add(), [(5,), (5,)], 0),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, keras.Layer) else "",
)
def test_a_layer_takes_as_many_as_counted_by_hand(layer: Any, inputs: list[tuple[int, ...]], expected: int) -> None:
    tensors = [keras.Input(shape) for shape in inputs]
    by_place = isinstance(layer, L.MultiHeadAttention | L.GroupQueryAttention)
    output = layer(*tensors) if by_place else layer(tensors if len(tensors) > 1 else tensors[0])
    assert multiply_adds(layer, inputs, tuple(output.shape[1:])) == expected


def test_what_depends_on_the_example_or_is_not_known_has_no_count() -> None:
    lstm = L.LSTM(3)
    assert multiply_adds(lstm, [(None, 6)], tuple(lstm(keras.Input((None, 6))).shape[1:])) is None
    cell = L.ConvLSTM1D(2, 3)
    assert multiply_adds(cell, [(4, 9, 1)], tuple(cell(keras.Input((4, 9, 1))).shape[1:])) is None

    class Own(L.Layer):  # type: ignore[misc]
        """Custom code."""

    assert multiply_adds(Own(), [(3,)], (3,)) is None
