"""Scaling as the model's first layer, so that a saved model takes inputs as they are stored."""

from collections.abc import Callable
from typing import Any, Literal

import keras
import numpy as np

from runner.data.examples import BLOCK, Array, Examples, Split


def scaling_layer(
    scale: float | Literal["standard"] | None, train: Callable[[], Split], *, center: bool = False
) -> Any:
    """The layer that scales inputs, or None where the recipe does not scale.

    ``x · scale``; with ``center`` (x − mean) · scale; or for ``standard`` (x − mean)/deviation. Mean and deviation are
    those of each feature over the training part, and a feature that does not vary is only centred.

    Args:
        scale: the recipe's ``data.scale``.
        train: gives the training examples; asked where their mean is wanted.
        center: the recipe's ``data.center``.
    """
    if scale == "standard":
        mean, variance = moments(train())
        return _normalization(mean, np.where(variance > 0, variance, 1))
    if center:
        mean, _ = moments(train())
        # Keras' layer divides by a deviation: by 1/scale
        return _normalization(mean, np.full_like(mean, 1 if scale is None else 1 / scale**2))
    return None if scale is None else keras.layers.Rescaling(scale, name="scaling")


def _normalization(mean: Array, variance: Array) -> Any:
    return keras.layers.Normalization(axis=tuple(range(1, mean.ndim + 1)), mean=mean, variance=variance, name="scaling")


def moments(split: Split, of: Callable[[Examples], Array] = lambda part: part.x) -> tuple[Array, Array]:
    """Mean and variance of each feature over all examples, in float64; each of shape ``input_shape``.

    Parts are merged by their numbers n, means m and variances v: with δ = m₂ − m₁ and w = n₂/(n₁+n₂) the whole has
    m₁ + w·δ and (1−w)·v₁ + w·v₂ + w·(1−w)·δ² (Chan, Golub and LeVeque 1979).

    Args:
        split: the examples.
        of: what of them; the inputs if left out.
    """
    count, mean, variance = 0, np.zeros(()), np.zeros(())
    for part in split.blocks(BLOCK):
        count += len(part)
        values = of(part)
        w, delta = len(part) / count, values.mean(axis=0, dtype=np.float64) - mean
        spread = values.var(axis=0, dtype=np.float64)
        variance = (1 - w) * variance + w * spread + w * (1 - w) * delta**2
        mean = mean + w * delta
    return mean, variance
