"""A triangle wave between two learning rates."""

from typing import Literal, assert_never

import numpy as np

from runner.curves.checks import require_not_negative, require_positive
from runner.curves.shapes import blend, power
from runner.curves.types import Curve, Steps, Values

CyclicMode = Literal["triangular", "triangular2", "exp_range"]


def cyclic(
    low: float, high: float, half_cycle: int, *, mode: CyclicMode = "triangular", gamma: float = 0.99994
) -> Curve:
    """η(t) = low + (high − low) · h(t) · f(t).

    h(t) = min(u, 2L − u)/L with u = t mod 2L is the triangle: exactly 0 at t = 0, 2L, 4L … and exactly 1 at
    t = L, 3L …. f(t) is 1 (``triangular``), 2^−⌊t/2L⌋ (``triangular2``) or gamma^t (``exp_range``). Before
    the start: ``low``. There is no end: the wave continues.

    Args:
        low: value at the valleys.
        high: value at the first peak (``exp_range``: multiplied by the factor at that step).
        half_cycle: L, the length of one flank, an integer number of steps.
        mode: how the height of the peaks changes.
        gamma: factor per step of ``exp_range``, at most one.

    Raises:
        ValueError: an argument is outside the bounds given above.

    Source: L. Smith 2015, Cyclical Learning Rates for Training Neural Networks.

    >>> cyclic(0.1, 0.3, 2)(np.arange(6))
    array([0.1, 0.2, 0.3, 0.2, 0.1, 0.2])
    """
    require_not_negative("low", low)
    require_positive("high", high)
    require_positive("half_cycle", half_cycle)
    if not 0 < gamma <= 1:
        raise ValueError(f"gamma must be above zero and at most one; received {gamma!r}")

    def curve(steps: Steps) -> Values:
        t = np.maximum(steps, 0)
        cycle, within = np.divmod(t, 2 * half_cycle)
        height = np.minimum(within, 2 * half_cycle - within) / half_cycle
        return blend(low, high, height * _factor(mode, gamma, t, cycle))

    return curve


def _factor(mode: CyclicMode, gamma: float, steps: Steps, cycle: Steps) -> Values:
    match mode:
        case "triangular":
            return np.ones(steps.shape)
        case "triangular2":
            halved: Values = np.ldexp(1.0, -cycle)
            return halved
        case "exp_range":
            return power(gamma, steps.astype(np.float64))
        case _:
            assert_never(mode)
