"""Dropout with cheaper masks: the right share, the right scale, and Keras' layer in the file."""

from pathlib import Path

import keras
import numpy as np
import pytest

from runner.model.dropout import Dropout, DropPath


def outputs(rate: float, shape: tuple[int, ...], seed: int = 1) -> np.ndarray:  # type: ignore[type-arg]
    return np.asarray(Dropout(rate, seed=seed)(np.ones(shape, np.float32), training=True))


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.3, 0.5, 0.9])
def test_the_share_dropped_is_the_rate_and_the_mean_is_kept(rate: float) -> None:
    n = 400_000
    values = outputs(rate, (400, 1000))
    spread = 5 * np.sqrt(rate * (1 - rate) / n)
    assert (values == 0).mean() == pytest.approx(rate, abs=spread)
    assert values.mean() == pytest.approx(1, abs=spread / (1 - rate))
    kept = np.unique(values[values != 0])
    assert kept.tolist() == pytest.approx([1 / (1 - rate)], rel=1e-3)


@pytest.mark.parametrize("shape", [(1, 1), (3, 1), (1, 3), (5, 7, 3), (4, 6), (0, 3)])
def test_any_number_of_units_gets_a_mask(shape: tuple[int, ...]) -> None:
    assert outputs(0.5, shape).shape == shape


def test_units_are_dropped_independently() -> None:
    dropped = outputs(0.5, (2000, 64)) == 0
    for lag in (1, 2, 3):
        pairs = np.corrcoef(dropped[:, lag:].ravel(), dropped[:, :-lag].ravel())[0, 1]
        assert abs(pairs) < 0.015
    rows = np.corrcoef(dropped[1:].ravel(), dropped[:-1].ravel())[0, 1]
    assert abs(rows) < 0.015


def test_every_call_has_a_mask_of_its_own_and_the_seed_decides_it() -> None:
    layer, again = Dropout(0.5, seed=3), Dropout(0.5, seed=3)
    x = np.ones((8, 16), np.float32)
    first, second = (np.asarray(layer(x, training=True)) for _ in range(2))
    assert not np.array_equal(first, second)
    assert np.array_equal(first, np.asarray(again(x, training=True)))
    assert not np.array_equal(first, outputs(0.5, (8, 16), seed=4))


def test_outside_training_nothing_is_dropped() -> None:
    x = np.ones((4, 4), np.float32)
    assert np.array_equal(np.asarray(Dropout(0.9, seed=1)(x, training=False)), x)


def test_a_dropped_path_is_dropped_for_a_whole_example_and_its_file_is_keras_own(tmp_path: Path) -> None:
    layer = DropPath(0.25, seed=1, name="d")
    values = np.asarray(layer(np.ones((4000, 3, 2), np.float32), training=True))
    assert set(np.unique(values)) == {np.float32(0), np.float32(1 / 0.75)}
    assert np.array_equal(values, np.broadcast_to(values[:, :1, :1], values.shape))
    assert (values[:, 0, 0] == 0).mean() == pytest.approx(0.25, abs=0.03)
    model = keras.Sequential([keras.Input((3, 2)), DropPath(0.25, name="d"), keras.layers.Dense(2)])
    model.save(tmp_path / "m.keras")
    opened = keras.models.load_model(tmp_path / "m.keras").get_layer("d")
    assert type(opened) is keras.layers.Dropout
    again = np.asarray(opened(np.ones((50, 3, 2), np.float32), training=True))
    assert np.array_equal(again, np.broadcast_to(again[:, :1, :1], again.shape))


def test_a_saved_model_names_keras_own_layer(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((4,)), Dropout(0.25, name="d"), keras.layers.Dense(2)])
    model.save(tmp_path / "m.keras")
    layer = keras.models.load_model(tmp_path / "m.keras").get_layer("d")
    assert type(layer) is keras.layers.Dropout
    assert layer.rate == 0.25
