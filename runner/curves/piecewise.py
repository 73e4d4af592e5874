"""Piecewise constant values."""

from collections.abc import Sequence

import numpy as np

from runner.curves.checks import require_not_negative
from runner.curves.types import Curve, Steps, Values


def piecewise(boundaries: Sequence[int], values: Sequence[float]) -> Curve:
    """η(t) = values[k] for boundaries[k−1] ≤ t < boundaries[k].

    The step of a boundary already has the new value. Before the first boundary: the first value; from the last
    boundary on: the last value.

    Args:
        boundaries: steps at which the value changes, strictly increasing.
        values: learning rates, one more than boundaries.

    Raises:
        ValueError: the counts do not match, the boundaries do not increase, or a value is negative.

    Source: A. Géron, Hands-On Machine Learning, chapter 11 (piecewise constant scheduling). Keras'
    ``PiecewiseConstantDecay`` uses the old value at the step of a boundary.

    >>> piecewise([3, 5], [0.1, 0.01, 0.001])(np.array([2, 3, 4, 5]))
    array([0.1  , 0.01 , 0.01 , 0.001])
    """
    if len(values) != len(boundaries) + 1:
        raise ValueError(
            f"values must be one more than the {len(boundaries)} boundaries; received {len(values)} values"
        )
    edges = np.array(boundaries, dtype=np.int64)
    if np.any(np.diff(edges) <= 0):
        raise ValueError(f"boundaries must increase strictly; received {list(boundaries)}")
    for value in values:
        require_not_negative("values", value)
    levels = np.array(values, dtype=np.float64)

    def curve(steps: Steps) -> Values:
        chosen: Values = levels[np.searchsorted(edges, steps, side="right")]
        return chosen

    return curve
