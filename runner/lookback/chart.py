"""A chart as numbers and texts, for a template to write as SVG: nothing here is markup."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from runner.lookback.reduce import Curve
from runner.lookback.scales import Scale, is_log, linear, logarithmic, settled
from runner.numerals import short
from runner.plots.number_format import count, nice_step
from runner.text import printable

WIDTH, HEIGHT = 760, 262
LEFT, RIGHT, TOP, BOTTOM = 72, 22, 28, 48
_INSIDE, _TALL = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
_CHARACTER, _PHONE_CHARACTER = 6.4, 10.8
"""Width of a letter of a phase's name, in pixels; on the screen of a phone, the style sheet has larger letters."""


_APART = 20
"""Pixels between the numbers of an axis on the screen of a phone."""


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
    roomy: bool = True
    """Whether the name also fits in the letters of a phone."""


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
    note: str = ""
    """What is unusual about the y axis."""
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


def chart(
    title: str, lines: Sequence[Line], across: Across, *, log: bool = False, settle: bool = False
) -> Chart | None:
    """Lay a chart out; None where none of the curves has a point.

    Args:
        title: the quantity.
        lines: from the bottom to the top.
        across: the x axis.
        log: a logarithmic y axis, where no value is below zero and those above it span more than a factor of ten.
        settle: a y axis for what comes after the beginning, where the beginning would take most of it.
    """
    known = [line for line in lines if len(line.curve.x)]
    if not known:
        return None
    words = "; ".join(
        f"{line.name} from {short(float(line.curve.y[0]))} to {short(float(line.curve.y[-1]))}" for line in known
    )
    scale, note = _scale([line.curve for line in known], across, log=log, settle=settle)
    return Chart(
        title,
        f"{title} over {across.name}: {words}",
        across.name,
        [_drawn(line, scale.within(line.curve), across, scale) for line in known],
        list(_x_marks(across)),
        [Mark(_down(scale.share(value)), text) for value, text in scale.marks()],
        list(_bands(across)),
        note,
    )


def _scale(curves: Sequence[Curve], across: Across, *, log: bool, settle: bool) -> tuple[Scale, str]:
    """The y axis, and what is to be said of it."""
    if log and is_log(curves):
        scale = logarithmic(curves)
        less = any((curve.y < scale.low).any() for curve in curves)
        return scale, f"logarithmic{f'; less than {short(scale.low, 2)} is on the edge' if less else ''}"
    last = settled(curves) if settle else None
    if last is None:
        return linear(curves), ""
    first = round(across.low)
    said = f"{across.name} {first} is" if last == first else f"{across.name}s {first} to {last} are"
    return linear(curves, after=last), f"{said} off the scale"


def _drawn(line: Line, curve: Curve, across: Across, scale: Scale) -> Drawn:
    """The curve in pixels; a lone point is a line without length, of which the style sheet makes a dot."""
    points = _points(curve, across, scale)
    alone = len(points) == 1
    return Drawn(line.name, f"{line.look} dot" if alone else line.look, " ".join(points * 2 if alone else points))


def _points(curve: Curve, across: Across, scale: Scale) -> list[str]:
    pairs = zip(curve.x.tolist(), curve.y.tolist(), strict=True)
    return [f"{_right(x, across):.1f},{_down(scale.share(y)):.1f}" for x, y in pairs]


def _right(x: float, across: Across) -> float:
    return LEFT + _INSIDE * (x - across.low) / ((across.high - across.low) or 1.0)


def _down(share: float) -> float:
    return TOP + _TALL * (1 - share)


def _x_marks(across: Across) -> Iterator[Mark]:
    span = across.high - across.low
    room = _PHONE_CHARACTER * len(count(float(math.floor(across.high)))) + _APART
    tick = 0.2 if across.share else nice_step(span, min(8, int(_INSIDE / room)), whole=True)
    first = math.ceil(across.low / tick - 1e-6)
    for place in np.arange(first, math.floor(across.high / tick + 1e-6) + 1) * tick:
        yield Mark(_right(float(place), across), f"{place:.0%}" if across.share else count(float(place)))


def _bands(across: Across) -> Iterator[Band]:
    """Every phase that can be seen."""
    for name, start, stop in across.phases[:60] if len(across.phases) <= 60 else ():
        left, right = (_right(min(max(step, across.low), across.high), across) for step in (start, stop))
        if right - left >= 1:
            shown = printable(name)
            fits, roomy = (len(shown) * letter < right - left - 6 for letter in (_CHARACTER, _PHONE_CHARACTER))
            yield Band(left, right - left, shown if fits else "", shown, roomy)
