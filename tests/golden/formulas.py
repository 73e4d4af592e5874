"""Schedules as scalar formulas in plain Python, written without the code under test.

Each takes one step t and follows the published definition as literally as possible, case by case and with
``math`` alone, so that a mistake in the vectorised curves is not repeated here.
"""

import math
from collections.abc import Sequence
from fractions import Fraction

Row = tuple[int, float, float, str]
"""Length in steps, first value, last value, shape."""


def constant(t: int, value: float) -> float:
    """Return the value."""
    return value


def power(t: int, initial: float, s: float, c: float, staircase: bool = False) -> float:
    """Power scheduling."""
    periods = math.floor(Fraction(t) / Fraction(s)) if staircase else t / s
    return initial / math.pow(1 + periods, c)


def exponential(t: int, initial: float, s: float, r: float, stair: int = 1, offset: int = 0) -> float:
    """Exponential scheduling; with stairs, the last epoch start at or before t."""
    while t > 0 and (t + offset) % stair:
        t -= 1
    return initial * math.exp(math.log(r) * t / s)


def piecewise(t: int, boundaries: Sequence[int], values: Sequence[float]) -> float:
    """Return the value after as many boundaries as have been passed."""
    return values[sum(t >= boundary for boundary in boundaries)]


def linear(t: int, initial: float, final: float, n: int) -> float:
    """Follow a straight line through (0, initial) and (N − 1, final)."""
    return initial + (final - initial) * t / (n - 1)


def polynomial(t: int, initial: float, final: float, n: int, p: float) -> float:
    """Polynomial decay."""
    return (initial - final) * math.pow(1 - t / (n - 1), p) + final


def inverse_sqrt(t: int, initial: float, s: float) -> float:
    """Inverse square root."""
    return initial * math.sqrt(s / (s + t))


def cosine(t: int, initial: float, final: float, n: int) -> float:
    """Half a cosine from (0, initial) to (N − 1, final)."""
    return final + 0.5 * (initial - final) * (1 + math.cos(math.pi * t / (n - 1)))


def restart_starts(first: Fraction, t_mul: Fraction, n: int) -> list[int]:
    """List the starts of the periods that begin within the run, and one more, by summing exact lengths."""
    starts, end, length = [0], Fraction(0), first
    while starts[-1] < n:
        end, length = end + length, length * t_mul
        starts.append(math.floor(end + Fraction(1, 2)))
    return starts


def cosine_restarts(t: int, initial: float, final: float, first: float, n: int, t_mul: float, m_mul: float) -> float:
    """Cosine decay of the period that t falls in."""
    starts = restart_starts(Fraction(first), Fraction(t_mul), n)
    i = max(k for k, start in enumerate(starts) if start <= t)
    reach = n - 1 if starts[i + 1] == n else starts[i + 1]
    p = 1.0 if reach == starts[i] else (t - starts[i]) / (reach - starts[i])
    top = initial * math.pow(m_mul, i)
    return final + 0.5 * (top - final) * (1 + math.cos(math.pi * p))


def cyclic(t: int, low: float, high: float, half: int, mode: str, gamma: float) -> float:
    """Smith's formula: cycle = ⌊1 + t/2L⌋, x = |t/L − 2·cycle + 1|, low + (high − low)·max(0, 1 − x)."""
    cycle = math.floor(1 + t / (2 * half))
    x = abs(t / half - 2 * cycle + 1)
    factors: dict[str, float] = {
        "triangular": 1.0,
        "triangular2": 1 / 2 ** (cycle - 1),
        "exp_range": math.pow(gamma, t),
    }
    return low + (high - low) * max(0.0, 1 - x) * factors[mode]


def table(t: int, rows: Sequence[Row]) -> float:
    """Walk a phase table from its first row."""
    start = 0
    for k, (length, first, last, shape) in enumerate(rows):
        if t < start + length:
            steps = length - 1 if k == len(rows) - 1 else length
            return along(shape, first, last, (t - start) / steps if steps else 1.0)
        start += length
    raise AssertionError(f"step {t} is beyond the table")


def along(shape: str, first: float, last: float, p: float) -> float:
    """Return the value at fraction p of a way."""
    if shape == "linear":
        return first + (last - first) * p
    if shape == "cosine":
        return last + (first - last) * (1 + math.cos(math.pi * p)) / 2
    return math.exp(math.log(first) + (math.log(last) - math.log(first)) * p)
