"""Decay by a power of time."""

import numpy as np

from runner.curves.checks import require_positive
from runner.curves.shapes import power as raised
from runner.curves.types import Curve, Steps, Values


def power(initial: float, decay_steps: float, *, exponent: float = 1.0, staircase: bool = False) -> Curve:
    """η(t) = η₀ / (1 + t/s)^c.

    Before the start: η₀. There is no end: the formula goes on.

    Args:
        initial: η₀, the learning rate at t = 0.
        decay_steps: s, in steps and not necessarily whole: after s steps η is η₀/2^c.
        exponent: c. Keras' ``InverseTimeDecay`` has only c = 1.
        staircase: round t/s down to a whole number.

    Raises:
        ValueError: when an argument is not above zero.

    Source: A. Géron, Hands-On Machine Learning, chapter 11 (power scheduling).
    """
    require_positive("initial", initial)
    require_positive("decay_steps", decay_steps)
    require_positive("exponent", exponent)

    def curve(steps: Steps) -> Values:
        time = np.maximum(steps, 0) / decay_steps
        base = 1.0 + (np.floor(time) if staircase else time)
        values: Values = initial / raised(base, np.full(base.shape, exponent))
        return values

    return curve
