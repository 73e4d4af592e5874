"""Dropout of other kinds, and within layers, stays on for samples, and off for a prediction."""

from typing import Any

import keras
import numpy as np
import pytest

from runner.inference.predictor import make_predictor
from runner.model.dropout import DropPath
from runner.model.dropout_kinds import AlphaDropout, GaussianDropout, SpatialDropout1D

WITHIN: dict[str, Any] = {
    "lstm": lambda x: keras.layers.LSTM(3, dropout=0.5)(x),
    "gru in both directions": lambda x: keras.layers.Bidirectional(keras.layers.GRU(3, recurrent_dropout=0.5))(x),
    "heads": lambda x: keras.layers.Flatten()(keras.layers.MultiHeadAttention(2, 2, dropout=0.5)(x, x)),
    "channels": lambda x: keras.layers.Flatten()(SpatialDropout1D(0.5)(AlphaDropout(0.1)(GaussianDropout(0.1)(x)))),
    "paths": lambda x: keras.layers.Flatten()(DropPath(0.5)(x)),
    "attention": lambda x: keras.layers.Flatten()(keras.layers.Attention(dropout=0.5)([x, x])),
}


@pytest.mark.parametrize("name", WITHIN)
def test_samples_have_a_spread_that_the_seed_decides(name: str) -> None:
    inputs = keras.Input((4, 2))
    model = keras.Model(inputs, keras.layers.Dense(2)(WITHIN[name](inputs)))
    x = np.random.default_rng(0).normal(size=(3, 4, 2)).astype(np.float32)
    first, again, other = (make_predictor(model, 20, seed)(x) for seed in (1, 1, 2))
    np.testing.assert_allclose(first.values, model(x, training=False), rtol=1e-5)
    assert first.deviation is not None
    assert (first.deviation > 0).all()
    assert np.array_equal(first.deviation, again.deviation)
    assert not np.array_equal(first.deviation, other.deviation)
