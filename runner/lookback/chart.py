"""A chart as numbers and texts, for a template to write as SVG: nothing here is markup."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from runner.lookback.reduce import Curve
from runner.plots.number_format import alike, count, nice_step, short
from runner.text import printable

WIDTH, HEIGHT = 760, 252
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 26, 40
_INSIDE, _TALL = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
_CHARACTER = 6.4
"""Width of a letter of a phase's name, in pixels."""
_DECADES = 6
_ROUNDING = 1e-6
"""Of float32, by which values are no different."""


class Line(NamedTuple):
    """A curve, and how it is drawn."""

    name: str
    look: str
    """Class of the template: ``line-1`` and so on, ``planned``, ``faint``."""
    curve: Curve


class Drawn(NamedTuple):
    """A curve in pixels."""

    name: str
    look: str
    points: str


class Mark(NamedTuple):
    """A tick: its place in pixels, and its text."""

    at: float
    text: str


class Band(NamedTuple):
    """A phase's stretch of the x axis."""

    x: float
    width: float
    name: str
    """Empty where it does not fit."""
    full: str


class Chart(NamedTuple):
    """A chart, ready to be written."""

    title: str
    description: str
    """For those who do not see it."""
    x_name: str
    lines: list[Drawn]
    x_marks: list[Mark]
    y_marks: list[Mark]
    bands: list[Band]
    log: bool
    size: tuple[int, int] = (WIDTH, HEIGHT)
    inside: tuple[int, int, int, int] = (LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM)
    """Left, top, width and height of the frame."""


class Across(NamedTuple):
    """The x axis."""

    name: str
    low: float
    high: float
    share: bool = False
    phases: Sequence[tuple[str, int, int]] = ()
    """Shaded in turn, where x counts steps."""


def chart(title: str, lines: Sequence[Line], across: Across, *, log: bool = False) -> Chart | None:
    """Lay a chart out; None where none of the curves has a point.

    Args:
        title: the quantity.
        lines: from the bottom to the top.
        across: the x axis.
        log: a logarithmic y axis, where all values are above zero and span more than a factor of ten.
    """
    known = [line for line in lines if len(line.curve.x)]
    if not known:
        return None
    low = min(float(line.curve.y.min()) for line in known)
    high = max(float(line.curve.y.max()) for line in known)
    log = log and low > 0 and high / low > 10
    scale = _Log(low, high) if log else _Linear(low, high)
    words = "; ".join(
        f"{line.name} from {short(float(line.curve.y[0]))} to {short(float(line.curve.y[-1]))}" for line in known
    )
    return Chart(
        title,
        f"{title} over {across.name}: {words}",
        across.name,
        [Drawn(line.name, line.look, _points(line.curve, across, scale)) for line in known],
        list(_x_marks(across)),
        [Mark(_down(scale.share(value)), text) for value, text in scale.marks()],
        list(_bands(across)),
        log,
    )


class _Linear:
    def __init__(self, low: float, high: float) -> None:
        if high - low <= _ROUNDING * max(abs(low), abs(high)):  # one value, once in float32 and once in decimals
            low = high = (low + high) / 2
        span = high - low or abs(high) or 1.0
        self.low = 0.0 if 0 <= low < high / 2 else low - 0.08 * span
        self.high = high + 0.08 * span

    def share(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low)

    def marks(self) -> Iterator[tuple[float, str]]:
        tick = nice_step(self.high - self.low, 5, whole=False)
        places = [k * tick for k in range(math.ceil(self.low / tick - 1e-6), math.floor(self.high / tick + 1e-6) + 1)]
        yield from zip(places, alike(places), strict=True)


class _Log:
    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = max(low, high / 10**_DECADES) / 1.2, high * 1.2

    def share(self, value: float) -> float:
        return math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)

    def marks(self) -> Iterator[tuple[float, str]]:
        decades = math.log10(self.high / self.low)
        for power in range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1):
            for factor in (1,) if decades > 3 else (1, 2, 5):
                value = factor * 10.0**power
                if self.low <= value <= self.high:
                    yield value, short(value)


def _points(curve: Curve, across: Across, scale: _Linear | _Log) -> str:
    pairs = zip(curve.x.tolist(), curve.y.tolist(), strict=True)
    return " ".join(f"{_right(x, across):.1f},{_down(scale.share(y)):.1f}" for x, y in pairs)


def _right(x: float, across: Across) -> float:
    return LEFT + _INSIDE * (x - across.low) / ((across.high - across.low) or 1.0)


def _down(share: float) -> float:
    return TOP + _TALL * (1 - share)


def _x_marks(across: Across) -> Iterator[Mark]:
    span = across.high - across.low
    tick = 0.2 if across.share else nice_step(span, 8, whole=True)
    first = math.ceil(across.low / tick - 1e-6)
    for place in np.arange(first, math.floor(across.high / tick + 1e-6) + 1) * tick:
        yield Mark(_right(float(place), across), f"{place:.0%}" if across.share else count(float(place)))


def _bands(across: Across) -> Iterator[Band]:
    """Every phase that can be seen."""
    for name, start, stop in across.phases[:60] if len(across.phases) <= 60 else ():
        left, right = (_right(min(max(step, across.low), across.high), across) for step in (start, stop))
        if right - left >= 1:
            shown = printable(name)
            yield Band(left, right - left, shown if len(shown) * _CHARACTER < right - left - 6 else "", shown)
