"""Decay by the square root of time."""

import numpy as np

from runner.curves.checks import require_positive
from runner.curves.stairs import time_of
from runner.curves.types import Curve, Steps, Values


def inverse_sqrt(
    initial: float, decay_steps: float, *, staircase: bool = False, every: int | None = None, offset: int = 0
) -> Curve:
    """η(t) = η₀ / √(1 + t/s).

    Before the start: η₀. There is no end: the formula continues.

    Args:
        initial: η₀, the learning rate at t = 0.
        decay_steps: s, the time scale in steps, need not be an integer: after 3s steps η is η₀/2.
        staircase: whether to round t/s down to an integer.
        every: steps between two changes; None for a new value at every step.
        offset: steps of the run before t = 0, because ``every`` counts from the start of the run.

    Raises:
        ValueError: an argument is not above zero, or both ``staircase`` and ``every`` are given.

    Source: transformers' ``get_inverse_sqrt_schedule``, whose time scale is the length of the warm-up.

    >>> inverse_sqrt(1.0, 1)(np.array([0, 3, 8])).round(4)
    array([1.    , 0.5   , 0.3333])
    """
    require_positive("initial", initial)
    require_positive("decay_steps", decay_steps)
    time_of(np.zeros(1, dtype=np.int64), decay_steps, staircase=staircase, every=every, offset=offset)

    def curve(steps: Steps) -> Values:
        time = time_of(steps, decay_steps, staircase=staircase, every=every, offset=offset)
        values: Values = initial / np.sqrt(1.0 + time)
        return values

    return curve
