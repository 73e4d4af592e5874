"""Decay by a power of time."""

import numpy as np

from runner.curves.checks import require_positive
from runner.curves.shapes import power as raised
from runner.curves.stairs import time_of
from runner.curves.types import Curve, Steps, Values


def power(
    initial: float,
    decay_steps: float,
    *,
    exponent: float = 1.0,
    staircase: bool = False,
    every: int | None = None,
    offset: int = 0,
) -> Curve:
    """η(t) = η₀ / (1 + t/s)^c.

    Before the start: η₀. There is no end: the formula continues.

    Args:
        initial: η₀, the learning rate at t = 0.
        decay_steps: s, in steps, need not be an integer: after s steps η is η₀/2^c.
        exponent: c; Keras' ``InverseTimeDecay`` supports only c = 1.
        staircase: whether to round t/s down to an integer.
        every: steps between two changes; None for a new value at every step.
        offset: steps of the run before t = 0, because ``every`` counts from the start of the run.

    Raises:
        ValueError: an argument is not above zero, or both ``staircase`` and ``every`` are given.

    Source: A. Géron, Hands-On Machine Learning, chapter 11 (power scheduling).

    >>> power(1.0, 2)(np.array([0, 2, 6]))
    array([1.  , 0.5 , 0.25])
    """
    require_positive("initial", initial)
    require_positive("decay_steps", decay_steps)
    require_positive("exponent", exponent)
    time_of(np.zeros(1, dtype=np.int64), decay_steps, staircase=staircase, every=every, offset=offset)

    def curve(steps: Steps) -> Values:
        base = 1.0 + time_of(steps, decay_steps, staircase=staircase, every=every, offset=offset)
        values: Values = initial / raised(base, np.full(base.shape, exponent))
        return values

    return curve
