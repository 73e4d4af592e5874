"""Decay by the square root of time."""

import numpy as np

from runner.curves.checks import require_positive
from runner.curves.types import Curve, Steps, Values


def inverse_sqrt(initial: float, decay_steps: float) -> Curve:
    """η(t) = η₀ / √(1 + t/s).

    Before the start: η₀. There is no end: the formula goes on.

    Args:
        initial: η₀, the learning rate at t = 0.
        decay_steps: s, the time scale in steps and not necessarily whole: after 3s steps η is η₀/2.

    Raises:
        ValueError: when an argument is not above zero.

    Source: transformers' ``get_inverse_sqrt_schedule``, whose time scale is the length of the warm-up.
    """
    require_positive("initial", initial)
    require_positive("decay_steps", decay_steps)

    def curve(steps: Steps) -> Values:
        values: Values = initial / np.sqrt(1.0 + np.maximum(steps, 0) / decay_steps)
        return values

    return curve
