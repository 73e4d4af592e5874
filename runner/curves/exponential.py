"""Decay by a constant factor."""

import numpy as np

from runner.curves.checks import require_positive
from runner.curves.shapes import power
from runner.curves.stairs import time_of
from runner.curves.types import Curve, Steps, Values


def exponential(
    initial: float,
    decay_steps: float,
    *,
    rate: float = 0.1,
    staircase: bool = False,
    every: int | None = None,
    offset: int = 0,
) -> Curve:
    """η(t) = η₀ · r^(t/s).

    Before the start: η₀. There is no end: the formula continues.

    Args:
        initial: η₀, the learning rate at t = 0.
        decay_steps: s, in steps, need not be an integer: every s steps η is multiplied by r.
        rate: r, the factor.
        staircase: whether to round t/s down to an integer.
        every: steps between two changes; None for a new value at every step.
        offset: steps of the run before t = 0 (a warm-up), because ``every`` counts from the start of the run.

    Raises:
        ValueError: ``initial``, ``decay_steps``, ``rate`` or ``every`` is not above zero, ``offset`` is negative, or
            both ``staircase`` and ``every`` are given.

    Source: A. Géron, Hands-On Machine Learning, chapter 11 (exponential scheduling, one value per epoch);
    Keras' ``ExponentialDecay`` (``staircase``).

    >>> exponential(1.0, 2, rate=0.25)(np.arange(5))
    array([1.    , 0.5   , 0.25  , 0.125 , 0.0625])
    """
    require_positive("initial", initial)
    require_positive("decay_steps", decay_steps)
    require_positive("rate", rate)
    time_of(np.zeros(1, dtype=np.int64), decay_steps, staircase=staircase, every=every, offset=offset)

    def curve(steps: Steps) -> Values:
        time = time_of(steps, decay_steps, staircase=staircase, every=every, offset=offset)
        values: Values = initial * power(rate, time)
        return values

    return curve
