"""Y axes of charts: which values they hold, where a value is on them, and their marks."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from runner.lookback.reduce import Curve
from runner.numerals import short
from runner.plots.number_format import alike, nice_step

_DECADES = 6
_ROUNDING = 1e-6
"""Of float32, by which values are no different."""
_MARGIN = 0.08
_BEGINNING, _MOST = 0.1, 0.5
"""Share of a curve that is its beginning, and the share of the axis that it may take."""
_FEWEST = 5
"""Points of a curve that has a beginning: of fewer, the rest would be next to nothing."""


class Scale(NamedTuple):
    """A y axis."""

    low: float
    high: float
    log: bool = False

    def share(self, value: float) -> float:
        """How far up a value is: 0 at the bottom, 1 at the top."""
        if self.log:
            return math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def marks(self) -> Iterator[tuple[float, str]]:
        """Round values, and their texts."""
        yield from self._powers() if self.log else self._multiples()

    def within(self, curve: Curve) -> Curve:
        """The curve from where it is on the axis for good; it then begins at the edge of the frame."""
        outside = np.flatnonzero((curve.y < self.low) | (curve.y > self.high))
        if self.log or not len(outside) or outside[-1] == len(curve.x) - 1:
            return curve
        last = int(outside[-1])
        (x0, x1), (y0, y1) = curve.x[last : last + 2], curve.y[last : last + 2]
        edge = self.low if y0 < self.low else self.high
        x = x0 + (x1 - x0) * (edge - y0) / (y1 - y0)
        return Curve(np.r_[x, curve.x[last + 1 :]], np.r_[edge, curve.y[last + 1 :]])

    def _multiples(self) -> Iterator[tuple[float, str]]:
        tick = nice_step(self.high - self.low, 5, whole=False)
        places = [k * tick for k in range(math.ceil(self.low / tick - 1e-6), math.floor(self.high / tick + 1e-6) + 1)]
        yield from zip(places, alike(places), strict=True)

    def _powers(self) -> Iterator[tuple[float, str]]:
        decades = math.log10(self.high / self.low)
        for power in range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1):
            for factor in (1,) if decades > 3 else (1, 2, 5):
                value = factor * 10.0**power
                if self.low <= value <= self.high:
                    yield value, short(value)


def linear(curves: Sequence[Curve], after: float = -math.inf) -> Scale:
    """An axis from the least to the greatest value with a margin, which does not go below zero if no value does.

    Args:
        curves: at least one point among them.
        after: only points beyond this x count.
    """
    low, high = _ends([curve.y[curve.x > after] for curve in curves])
    if high - low <= _ROUNDING * max(abs(low), abs(high)):  # one value, once in float32 and once in decimals
        low = high = (low + high) / 2
    span = high - low or abs(high) or 1.0
    bottom = low - _MARGIN * span
    return Scale(max(bottom, 0.0) if low >= 0 else bottom, high + _MARGIN * span)


def is_log(curves: Sequence[Curve]) -> bool:
    """Whether no value is below zero, and those above it span more than a factor of ten."""
    low, high = _ends([curve.y for curve in curves])
    return low >= 0 and high > 10 * _least(curves)


def logarithmic(curves: Sequence[Curve]) -> Scale:
    """An axis of at most six decades; what is less, a loss of zero too, is on its lower edge."""
    low, high = _least(curves), _ends([curve.y for curve in curves])[1]
    return Scale(max(low, high / 10**_DECADES) / 1.2, high * 1.2, log=True)


def settled(curves: Sequence[Curve]) -> int | None:
    """The last x at which a curve is off the axis, where that is for the values after the first tenth of the curves.

    None where the whole curves fit: the values after the beginning span half of all, or more, or are all the same; and
    curves of fewer than five points.
    """
    if max(len(curve.x) for curve in curves) < _FEWEST:
        return None
    first, last = _ends([curve.x for curve in curves])
    beginning = first + max(math.floor(_BEGINNING * (last - first + 1)), 1) - 1
    rest = [curve.y[curve.x > beginning] for curve in curves]
    if not sum(map(len, rest)):
        return None
    (low, high), (least, most) = _ends(rest), _ends([curve.y for curve in curves])
    if high - low <= _ROUNDING * max(abs(low), abs(high)) or high - low >= _MOST * (most - least):
        return None
    scale = linear(curves, after=beginning)
    off = [curve.x[(curve.y < scale.low) | (curve.y > scale.high)] for curve in curves]
    return round(_ends(off)[1])


def _least(curves: Sequence[Curve]) -> float:
    """The least value above zero; infinite where there is none."""
    return min((float(curve.y[curve.y > 0].min()) for curve in curves if (curve.y > 0).any()), default=math.inf)


def _ends(values: Sequence["np.typing.NDArray[np.float64]"]) -> tuple[float, float]:
    known = np.concatenate(values)
    return float(known.min()), float(known.max())
