"""Decay by a power of the remaining steps, and the linear special case."""

import numpy as np

from runner.curves.checks import require_not_negative, require_positive
from runner.curves.segments import Segment, segments
from runner.curves.shapes import blend, power, progress
from runner.curves.types import Curve, Steps, Values


def linear(initial: float, final: float, total: int) -> Curve:
    """η(t) = η₀ + (η₁ − η₀) · t/(N−1), exactly η₀ at t = 0 and η₁ at t = N−1.

    Before the start: η₀; after the end: η₁. In a run of one step: η₁.

    Args:
        initial: η₀.
        final: η₁.
        total: N, the number of steps.

    Raises:
        ValueError: ``total`` is below one, or a rate is negative.

    Source: optax' ``linear_schedule``, which reaches η₁ one step later, after N steps.

    >>> linear(1.0, 0.0, 5)(np.arange(5))
    array([1.  , 0.75, 0.5 , 0.25, 0.  ])
    """
    require_not_negative("initial", initial)
    require_not_negative("final", final)
    return segments([Segment(0, total, initial, final)])


def polynomial(initial: float, final: float, total: int, *, exponent: float = 2.0) -> Curve:
    """η(t) = η₁ + (η₀ − η₁) · (1 − t/(N−1))^p, exactly η₀ at t = 0 and η₁ at t = N−1.

    Before the start: η₀; after the end: η₁. In a run of one step: η₁.

    Args:
        initial: η₀.
        final: η₁.
        total: N, the number of steps.
        exponent: p.

    Raises:
        ValueError: ``total`` or ``exponent`` is not above zero, or a rate is negative.

    Source: Keras' ``PolynomialDecay``, which reaches η₁ one step later, after N steps.

    >>> polynomial(1.0, 0.0, 5)(np.arange(5))
    array([1.    , 0.5625, 0.25  , 0.0625, 0.    ])
    """
    require_not_negative("initial", initial)
    require_not_negative("final", final)
    require_positive("total", total)
    require_positive("exponent", exponent)

    def curve(steps: Steps) -> Values:
        rest = 1.0 - progress(np.clip(steps, 0, total - 1), 0, total - 1)
        return blend(final, initial, power(rest, np.full(rest.shape, exponent)))

    return curve
