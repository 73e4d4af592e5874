"""Ticks of axes: their places, and their texts."""

import math
from collections.abc import Sequence

from runner.numerals import short

_UNITS = ((10**9, "G"), (10**6, "M"))


def alike(values: Sequence[float]) -> list[str]:
    """Labels of one axis, all with the same number of decimals, or all with exponents if they are small or large."""
    if not 1e-4 <= max(map(abs, values), default=0.0) < 1e5:
        return [short(value) for value in values]
    texts = [f"{value:.9f}".rstrip("0").rstrip(".") for value in values]
    decimals = max((len(text.partition(".")[2]) for text in texts), default=0)
    return [f"{value:.{decimals}f}" if value else "0" for value in values]


def count(value: float) -> str:
    """A number of steps: ``4,300``, ``2.5 M``; fractions of a step keep their decimals."""
    for size, unit in _UNITS:
        if abs(value) >= size:
            return f"{value / size:.4g} {unit}"
    return f"{value:,.0f}" if value == round(value) else f"{value:,.4g}"


def nice_step(span: float, most: int, *, whole: bool) -> float:
    """The smallest of 1, 2, 5 · 10^k that fits into ``span`` at most ``most`` times; at least 1 if ``whole``."""
    raw = max(span / max(most, 1), 1.0 if whole else 0.0)
    if raw <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(raw) + 1e-9)
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * (1 - 1e-9))
