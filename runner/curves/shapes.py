"""Interpolation from one value to another, as functions of the fraction p of the way."""

from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from runner.curves.types import Shape, Steps, Values

Number = float | NDArray[np.float64]


def power(base: Number, exponent: Values) -> Values:
    """base^exponent, computed by the same routine for one element as for many.

    For an array of one element, NumPy takes shortcuts (squares, roots) that may differ in the last bit from its
    general power. Computing one element more avoids them, so that a curve evaluated in pieces equals the curve
    evaluated at once.

    Args:
        base: at least zero; a number or an array of the exponent's shape.
        exponent: an array of any shape.

    >>> power(2.0, np.array([0.0, 0.5, 3.0])).round(4)
    array([1.    , 1.4142, 8.    ])
    """
    padded_base = np.append(np.broadcast_to(base, exponent.shape), 1.0)
    raised: Values = np.power(padded_base, np.append(exponent, 1.0))[:-1]
    return raised.reshape(exponent.shape)


def blend(first: Number, last: Number, weight: Values) -> Values:
    """first·(1 − w) + last·w, never outside [first, last] by rounding; exact at w = 0 and w = 1.

    >>> blend(1.0, 3.0, np.array([0.0, 0.5, 1.0]))
    array([1., 2., 3.])
    """
    value: Values = np.clip(first * (1.0 - weight) + last * weight, np.minimum(first, last), np.maximum(first, last))
    return value


def geometric(first: Number, last: Number, weight: Values) -> Values:
    """first^(1 − w) · last^w, never outside [first, last] by rounding; both must be above zero.

    >>> geometric(1.0, 100.0, np.array([0.0, 0.5, 1.0]))
    array([  1.,  10., 100.])
    """
    value: Values = np.clip(
        power(first, 1.0 - weight) * power(last, weight), np.minimum(first, last), np.maximum(first, last)
    )
    return value


def progress(steps: Steps, start: int | Steps, reach: int | Steps) -> Values:
    """Fraction p = (t − start) / (reach − start); 1 if start = reach, so that one step has its final value.

    Args:
        steps: t, in [start, reach].
        start: step at which p = 0.
        reach: step at which p = 1.

    >>> progress(np.array([2, 4, 6]), 2, 6)
    array([0. , 0.5, 1. ])
    """
    span = np.subtract(reach, start)
    fraction: Values = np.where(span == 0, 1.0, (steps - start) / np.maximum(span, 1))
    return fraction


def interpolate(shape: Shape, first: Number, last: Number, fraction: Values) -> Values:
    """Interpolate from ``first`` to ``last`` at fraction p.

    linear: first·(1 − p) + last·p; cosine: the same with w = (1 − cos πp)/2 for p; exponential:
    first^(1 − p) · last^p. At p = 0 and p = 1 the result is exactly ``first`` and ``last``, regardless of how the
    machine rounds cosines and powers.

    Args:
        shape: ``linear``, ``cosine`` or ``exponential``.
        first: value at p = 0, above zero for ``exponential``.
        last: value at p = 1, above zero for ``exponential``.
        fraction: p, in [0, 1].

    >>> interpolate("linear", 0.0, 1.0, np.array([0.0, 0.25, 1.0]))
    array([0.  , 0.25, 1.  ])
    """
    match shape:
        case "linear":
            value = blend(first, last, fraction)
        case "cosine":
            value = blend(first, last, (1.0 - np.cos(np.pi * fraction)) / 2.0)
        case "exponential":
            value = geometric(first, last, fraction)
        case _:
            assert_never(shape)
    exact: Values = np.where(fraction == 1.0, last, np.where(fraction == 0.0, first, value))
    return exact
