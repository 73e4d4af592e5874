"""The ways from one value to another, as functions of the fraction p of the way."""

from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from runner.curves.types import Shape, Steps, Values

Number = float | NDArray[np.float64]


def power(base: Number, exponent: Values) -> Values:
    """base^exponent, by the same routine for one element as for many.

    NumPy gives an array of one element stride zero and then squares, takes roots and so on by shortcuts
    that may differ in the last bit from its general power. One element more than asked rules that out, so
    that a curve evaluated in pieces equals the curve evaluated at once.

    Args:
        base: above or equal to zero; a number or an array of the exponent's shape.
        exponent: array of any shape.
    """
    padded_base = np.append(np.broadcast_to(base, exponent.shape), 1.0)
    raised: Values = np.power(padded_base, np.append(exponent, 1.0))[:-1]
    return raised.reshape(exponent.shape)


def blend(first: Number, last: Number, weight: Values) -> Values:
    """first·(1 − w) + last·w, never outside [first, last] by rounding; exact at w = 0 and w = 1."""
    value: Values = np.clip(first * (1.0 - weight) + last * weight, np.minimum(first, last), np.maximum(first, last))
    return value


def geometric(first: Number, last: Number, weight: Values) -> Values:
    """first^(1 − w) · last^w, never outside [first, last] by rounding; both must be above zero."""
    value: Values = np.clip(
        power(first, 1.0 - weight) * power(last, weight), np.minimum(first, last), np.maximum(first, last)
    )
    return value


def progress(steps: Steps, start: int | Steps, reach: int | Steps) -> Values:
    """``p`` = (t − start) / (reach − start); 1 where start = reach, so that a way of one step shows its end.

    Args:
        steps: t, in [start, reach].
        start: step at which p = 0.
        reach: step at which p = 1.
    """
    span = np.subtract(reach, start)
    fraction: Values = np.where(span == 0, 1.0, (steps - start) / np.maximum(span, 1))
    return fraction


def interpolate(shape: Shape, first: Number, last: Number, fraction: Values) -> Values:
    """Go fraction p of the way from ``first`` to ``last``.

    linear: first·(1 − p) + last·p; cosine: the same with w = (1 − cos πp)/2 for p; exponential:
    first^(1 − p) · last^p. At p = 0 and p = 1 the ends themselves are returned, whatever the machine's
    cosine and power round to.

    Args:
        shape: ``linear``, ``cosine`` or ``exponential``.
        first: value at p = 0; above zero for ``exponential``.
        last: value at p = 1; above zero for ``exponential``.
        fraction: p, in [0, 1].
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
