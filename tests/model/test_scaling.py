"""Inputs are scaled and centred by the model's first layer."""

from typing import Literal

import numpy as np
import pytest

from runner.data.examples import Examples
from runner.model.scaling import scaling_layer

X = np.array([[0.0, 10.0, 7.0], [4.0, 30.0, 7.0], [8.0, 20.0, 7.0]], np.float32)
SPLIT = Examples(X, np.zeros(3, np.int32))
MEAN, DEVIATION = X.mean(axis=0), np.array([X[:, 0].std(), X[:, 1].std(), 1.0])


@pytest.mark.parametrize(
    ("scale", "center", "wanted"),
    [
        (0.25, False, X * 0.25),
        ("standard", False, (X - MEAN) / DEVIATION),
        (None, True, X - MEAN),
        (1 / 255, True, (X - MEAN) / 255),
        ("standard", True, (X - MEAN) / DEVIATION),
    ],
)
def test_inputs_are_centred_and_scaled(
    scale: float | Literal["standard"] | None, center: bool, wanted: np.ndarray
) -> None:
    layer = scaling_layer(scale, lambda: SPLIT, center=center)
    np.testing.assert_allclose(layer(X), wanted, rtol=1e-6, atol=1e-6)


def test_without_scale_and_centre_there_is_no_layer() -> None:
    assert scaling_layer(None, lambda: SPLIT) is None
