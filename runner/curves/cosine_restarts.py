"""Cosine decay with restarts; periods may become longer and lower."""

import numpy as np

from runner.curves.checks import require_not_negative, require_positive
from runner.curves.shapes import interpolate, power, progress
from runner.curves.types import Curve, Steps, Values


def cosine_restarts(
    initial: float, final: float, first_period: float, total: int, *, t_mul: float = 2.0, m_mul: float = 1.0
) -> Curve:
    """η(t) = η₁ + (η₀·m^i − η₁) · (1 + cos(π (t − b_i)/(b_{i+1} − b_i))) / 2 for b_i ≤ t < b_{i+1}.

    Period i lasts T·k^i steps; b_i is the nearest step to the sum of the periods before it. The value is
    exactly η₀·m^i at b_i and would be η₁ at b_{i+1}, where the next period starts; a period that ends with
    the run reaches η₁ exactly at step N−1. Before the start: η₀; after the end: the value at N−1.

    Args:
        initial: η₀.
        final: η₁, the final value of each period.
        first_period: T, in steps, at least one; need not be an integer.
        total: N, the number of steps.
        t_mul: k, the ratio of each period's length to that of the previous one, at least one.
        m_mul: m, the ratio of each period's first value to that of the previous one.

    Raises:
        ValueError: an argument is outside the bounds given above.

    Source: Loshchilov and Hutter 2016 (SGDR); Keras' ``CosineDecayRestarts``, timm's ``CosineLRScheduler``.

    >>> cosine_restarts(1.0, 0.0, 2, total=6, m_mul=0.5)(np.arange(6)).round(4)
    array([1.   , 0.5  , 0.5  , 0.375, 0.125, 0.   ])
    """
    require_positive("initial", initial)
    require_not_negative("final", final)
    require_positive("total", total)
    require_positive("m_mul", m_mul)
    _require_periods(first_period, t_mul)

    def curve(steps: Steps) -> Values:
        t = np.clip(steps, 0, total - 1)
        period = period_at(t, first_period, t_mul)
        start, stop = (period_start(i, first_period, t_mul) for i in (period, period + 1))
        top = initial * power(m_mul, period.astype(np.float64))
        return interpolate("cosine", top, final, progress(t, start, stop - (stop == total)))

    return curve


def period_start(period: Steps, first_period: float, t_mul: float) -> Steps:
    """b_i = T·(k^i − 1)/(k − 1), or T·i for k = 1, rounded to the nearest step, halves upwards.

    Args:
        period: i, from 0.
        first_period: T in steps, at least one.
        t_mul: k, at least one.

    Raises:
        ValueError: ``first_period`` or ``t_mul`` is below one.

    >>> period_start(np.arange(4), 2, 2)
    array([ 0,  2,  6, 14])
    """
    _require_periods(first_period, t_mul)
    growth = period if t_mul == 1 else np.expm1(period * np.log(t_mul)) / (t_mul - 1)
    # Round to six decimals first, so that noise in the last bits does not decide a half.
    nearest: Steps = np.floor(np.round(first_period * growth, 6) + 0.5).astype(np.int64)
    return nearest


def period_at(steps: Steps, first_period: float, t_mul: float) -> Steps:
    """Find the period i that covers each step: b_i ≤ t < b_{i+1}.

    Args:
        steps: t, at least zero.
        first_period: T in steps, at least one.
        t_mul: k, at least one.

    Raises:
        ValueError: ``first_period`` or ``t_mul`` is below one.

    >>> period_at(np.arange(8), 2, 2)
    array([0, 0, 1, 1, 1, 1, 2, 2])
    """
    _require_periods(first_period, t_mul)
    ratio = steps / first_period
    guess = ratio if t_mul == 1 else np.log1p(ratio * (t_mul - 1)) / np.log(t_mul)
    # Boundaries are rounded to steps, so the real-valued guess may be off by one in either direction.
    period: Steps = np.maximum(np.floor(guess).astype(np.int64) - 1, 0)
    for _ in range(2):
        period = period + (period_start(period + 1, first_period, t_mul) <= steps)
    return period


def _require_periods(first_period: float, t_mul: float) -> None:
    if first_period < 1:
        raise ValueError(f"first_period must be at least one step; received {first_period!r}")
    if t_mul < 1:
        raise ValueError(f"t_mul must be at least one; received {t_mul!r}")
