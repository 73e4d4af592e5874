"""Scaling as the model's first layer, so that a saved model takes inputs as they are stored."""

from typing import Any, Literal

import keras
import numpy as np

from runner.build.arrays import Array


def scaling_layer(scale: float | Literal["standard"] | None, train: Array) -> Any:
    """The layer that scales inputs, or None where the recipe does not scale.

    ``x · scale``; or for ``standard`` (x − mean)/deviation for each feature by the training part, where a
    feature that does not vary is only centred.

    Args:
        scale: the recipe's ``data.scale``.
        train: training inputs, shape ``(n, *input_shape)``.
    """
    if scale is None:
        return None
    if scale == "standard":
        variance = train.var(axis=0, dtype=np.float64)
        mean = train.mean(axis=0, dtype=np.float64)
        return keras.layers.Normalization(
            axis=tuple(range(1, train.ndim)), mean=mean, variance=np.where(variance > 0, variance, 1), name="scaling"
        )
    return keras.layers.Rescaling(scale, name="scaling")
