"""Short ways to evaluate a curve in tests."""

from collections.abc import Iterable

import numpy as np

from runner.curves import Curve, Values


def at(curve: Curve, steps: Iterable[int]) -> list[float]:
    """Values at these steps, as Python floats that compare exactly."""
    return [float(value) for value in curve(np.array(list(steps), dtype=np.int64))]


def over(curve: Curve, total: int) -> Values:
    """Values at every step of a run."""
    return curve(np.arange(total, dtype=np.int64))
