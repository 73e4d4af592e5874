"""A value that never changes."""

import numpy as np

from runner.curves.checks import require_not_negative
from runner.curves.types import Curve, Steps, Values


def constant(value: float) -> Curve:
    """η(t) = η₀, also before the start and after the end.

    Args:
        value: η₀, at least zero.

    Raises:
        ValueError: ``value`` is negative or not finite.

    Source: optax' ``constant_schedule``.

    >>> constant(0.1)(np.array([0, 5]))
    array([0.1, 0.1])
    """
    require_not_negative("value", value)

    def curve(steps: Steps) -> Values:
        return np.full(steps.shape, value, dtype=np.float64)

    return curve
