"""Decay by a constant factor."""

import numpy as np

from runner.curves.checks import require_positive
from runner.curves.shapes import power
from runner.curves.types import Curve, Steps, Values


def exponential(
    initial: float, decay_steps: float, *, rate: float = 0.1, stair: int | None = None, offset: int = 0
) -> Curve:
    """η(t) = η₀ · r^(t/s); with a staircase t is the last stair's first step.

    Before the start: η₀. There is no end: the formula goes on.

    Args:
        initial: η₀, the learning rate at t = 0.
        decay_steps: s, in steps and not necessarily whole: after every s steps η has been multiplied by r.
        rate: r, the factor.
        stair: steps an epoch, for one value an epoch; None for a new value every step.
        offset: steps of the run before t = 0 (a warm-up), because the stairs are the epochs of the run.

    Raises:
        ValueError: when ``initial``, ``decay_steps``, ``rate`` or ``stair`` is not above zero, or ``offset``
            is negative.

    Source: A. Géron, Hands-On Machine Learning, chapter 11 (exponential scheduling); Keras'
    ``ExponentialDecay``, whose staircase has stairs of s steps and not of an epoch.
    """
    require_positive("initial", initial)
    require_positive("decay_steps", decay_steps)
    require_positive("rate", rate)
    width = 1 if stair is None else stair
    require_positive("stair", width)
    if offset < 0:
        raise ValueError(f"offset must be at least zero; received {offset!r}")

    def curve(steps: Steps) -> Values:
        stair_start = (np.maximum(steps, 0) + offset) // width * width - offset
        values: Values = initial * power(rate, np.maximum(stair_start, 0) / decay_steps)
        return values

    return curve
