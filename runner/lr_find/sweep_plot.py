"""Plots of a range test: for a terminal, and as SVG or PNG."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from runner.curves.types import Values
from runner.lr_find.advice import Advice
from runner.lr_find.sweep import Sweep
from runner.numerals import short
from runner.plots import canvas
from runner.plots.axes import value_axis
from runner.plots.braille import Canvas
from runner.plots.style import DASHES, Theme
from runner.plots.terminal import UNICODE, Glyphs, Line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_GUTTER = 8
"""Columns on the left, for losses."""
_LEAST = 20
"""Minimum width of the curve in columns."""
_ROWS = 12
_SLACK = 1e-6


@dataclass(frozen=True)
class Picture:
    """The contents of a plot."""

    title: str
    sweep: Sweep
    """A sweep of at least one step, or the median of several."""
    advice: Advice
    limits: tuple[float, float]
    """Lowest and highest learning rate of the test."""
    band: tuple[Values, Values] | None = None
    """Lowest and highest smoothed loss over several seeds, in the length of the sweep."""
    notes: tuple[str, ...] = ()
    """Lines below the title."""

    @property
    def losses(self) -> tuple[float, float]:
        """Lowest and highest loss shown: the fall plus a quarter, without all of the rise after it."""
        smoothed = self.sweep.smoothed
        lowest = int(np.argmin(smoothed))
        low, high = float(smoothed[lowest]), float(smoothed[: lowest + 1].max())
        room = (high - low or abs(low) or 1.0) / 4
        return low - room / 4, high + room

    def across(self, rate: float | Values) -> Values:
        """Horizontal position of a learning rate, from 0 to 1."""
        low, high = (math.log(limit) for limit in self.limits)
        place: Values = np.clip((np.log(np.asarray(rate, dtype=np.float64)) - low) / (high - low), 0, 1)
        return place


def range_lines(picture: Picture, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """The smoothed loss over the logarithm of the learning rate, with a vertical line at the recommended rate.

    Args:
        picture: the contents; the edges of its band are dashed.
        width: maximum width of a line in columns, at least 30.
        glyphs: the characters to draw with.
    """
    columns = max(width - _GUTTER - 2, _LEAST)
    drawing = Canvas(columns, _ROWS, glyphs.cell)
    for edge in picture.band or ():
        drawing.trace(*_trace(picture, edge), dashed=True)
    drawing.trace(*_trace(picture, picture.sweep.smoothed))
    low, high = picture.losses
    labels = {0: high, _ROWS // 2: (low + high) / 2, _ROWS - 1: low}
    mark = None if picture.advice.learning_rate is None else _column(picture, picture.advice.learning_rate, columns)
    lines = []
    for row, text in enumerate(drawing.lines()):
        label, edge_ = (short(labels[row]), glyphs.tick_left) if row in labels else ("", glyphs.upright)
        lines.append(Line("rate", f"{label:>{_GUTTER}} {edge_}{_marked(text, mark, glyphs.upright)}"))
    return [*lines, *_axis(picture, columns, glyphs)]


def _trace(picture: Picture, losses: Values) -> tuple[Values, Values]:
    """A curve in the unit square, up to the point where it leaves the square after its minimum."""
    x, (low, high) = picture.across(picture.sweep.learning_rate), picture.losses
    y = (losses - low) / (high - low)
    lowest = int(np.argmin(y))
    beyond = np.flatnonzero(y[lowest:] > 1)
    if len(beyond):
        stop = lowest + int(beyond[0])
        x = np.append(x[:stop], np.interp(1.0, y[stop - 1 : stop + 1], x[stop - 1 : stop + 1]))
        y = np.append(y[:stop], 1.0)
    return x, np.clip(y, 0, 1)


def _marked(text: str, mark: int | None, upright: str) -> str:
    """A line of the curve with a piece of the vertical line, where the curve leaves room."""
    if mark is None or text[mark : mark + 1].strip():
        return text
    return f"{text[:mark]:<{mark}}{upright}{text[mark + 1 :]}"


def _column(picture: Picture, rate: float, columns: int) -> int:
    return round(float(picture.across(rate)) * (columns - 1))


def _axis(picture: Picture, columns: int, glyphs: Glyphs) -> list[Line]:
    """A tick at each round learning rate, and a label if there is room."""
    ticks, labels = list(glyphs.across * columns), ""
    for rate in _round_rates(*picture.limits):
        column, text = _column(picture, rate, columns), short(rate)
        ticks[column] = glyphs.tick
        start = min(max(column - len(text) // 2, 0), columns - len(text))
        if not labels or start > len(labels):
            labels = f"{labels:<{start}}{text}"
    return [Line("axis", f"{'':{_GUTTER}} {glyphs.corner}{''.join(ticks)}"), Line("axis", f"{'':{_GUTTER}}  {labels}")]


def _round_rates(low: float, high: float) -> list[float]:
    """Powers of ten within the limits, with 2 and 5 times them if there are few."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    factors = (1,) if high / low >= 100 else (1, 2, 5)
    rates = (float(f"{factor}e{power}") for power in powers for factor in factors)
    return [rate for rate in rates if low * (1 - _SLACK) <= rate <= high * (1 + _SLACK)]


def range_picture(picture: Picture, form: canvas.Form, *, dark: bool = False) -> bytes:
    """Draw the loss of each batch, the smoothed loss with its band, and the rates of the rules.

    Args:
        picture: the contents.
        form: ``svg`` or ``png``.
        dark: whether to draw light curves on a dark background.
    """

    def fill(figure: "Figure", theme: Theme) -> None:
        top = canvas.header(figure, theme, picture.title, list(picture.notes))
        (panel,) = canvas.panels(figure, top, [1.0])
        panel.set_xscale("log")
        panel.set_xlim(*picture.limits)
        places = _round_rates(*picture.limits)
        panel.set_xticks(places, [short(place) for place in places])
        panel.minorticks_off()
        panel.set_xlabel("learning rate", labelpad=3)
        value_axis(panel, *picture.losses, headroom=0.0)
        panel.set_ylabel("loss of a batch")
        _curves(panel, theme, picture)
        _uprights(panel, theme, picture.advice)
        panel.legend(loc="lower left", fontsize=8, facecolor=theme.paper, edgecolor=theme.edge)

    description = f"Loss over the learning rate. {' '.join(picture.notes)}"
    return canvas.render(fill, form, height=3.8, title=picture.title, description=description, dark=dark)


def _curves(panel: "Axes", theme: Theme, picture: Picture) -> None:
    rates, color = picture.sweep.learning_rate, theme.lines[0]
    if picture.band is not None:
        panel.fill_between(rates, *picture.band, color=color, alpha=0.2, linewidth=0, label="smoothed, all seeds")
    label = "each batch" if picture.band is None else "each batch, median"
    panel.plot(rates, picture.sweep.loss, ".", color=theme.muted, alpha=0.6, markersize=3, label=label)
    panel.plot(rates, picture.sweep.smoothed, color=color, label="smoothed")


def _uprights(panel: "Axes", theme: Theme, advice: Advice) -> None:
    """A line for each rule; dashes distinguish them without colour."""
    marks = advice.marks
    places = {} if marks is None else {"steepest": marks.steepest, "valley": marks.valley, "minimum": marks.minimum}
    for k, (name, rate) in enumerate(places.items(), start=1):
        panel.axvline(rate, color=theme.lines[k + 1], linestyle=DASHES[k], linewidth=1.2, label=f"{name} {short(rate)}")
    if advice.learning_rate is not None:
        label = f"recommended {short(advice.learning_rate, 2)}"
        panel.axvline(advice.learning_rate, color=theme.lines[1], linewidth=1.8, label=label)
