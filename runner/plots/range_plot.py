"""Pictures of a range test: in braille for a terminal, and as SVG or PNG."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from runner.curves.range_test import Advice, Sweep
from runner.curves.types import Values
from runner.plots import canvas
from runner.plots.axes import value_axis
from runner.plots.numbers import short
from runner.plots.style import DASHES, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BRAILLE = 0x2800
_DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
"""Bits of the dots of one character, 4 rows of 2."""
_MARGIN = 10
"""Columns left of the picture, for the losses."""
_SLACK = 1e-6


@dataclass(frozen=True)
class Picture:
    """What is drawn."""

    title: str
    """Plain text, without control characters."""
    sweep: Sweep
    """One, or the median of several."""
    advice: Advice
    limits: tuple[float, float]
    """Least and largest learning rate of the test."""
    band: tuple[Values, Values] | None = None
    """Least and largest smoothed loss over several seeds, in the length of the sweep."""
    notes: tuple[str, ...] = ()
    """Lines under the title."""

    @property
    def losses(self) -> tuple[float, float]:
        """Least and largest loss shown: a quarter more than the fall, not all of the rise after it."""
        smoothed = self.sweep.smoothed
        least = int(np.argmin(smoothed))
        low, high = float(smoothed[least]), float(smoothed[: least + 1].max())
        room = (high - low or abs(low) or 1.0) / 4
        return low - room / 4, high + room


def draw_text(picture: Picture, width: int, height: int = 12) -> list[str]:
    """The smoothed loss over the logarithm of the learning rate; ``▲`` and dots mark what is recommended.

    Args:
        picture: a sweep of at least one step.
        width: columns of the whole, at least 40.
        height: lines of the curve itself.
    """
    columns = width - _MARGIN - 2
    cells = _cells(picture, columns, height)
    rate = picture.advice.learning_rate
    mark = None if rate is None else _column(picture, rate, columns)
    low, high = picture.losses
    labels = {0: high, height // 2: (low + high) / 2, height - 1: low}
    lines = []
    for row, bits in enumerate(cells):
        text = "".join(chr(_BRAILLE + b) if b else "┊" if k == mark else " " for k, b in enumerate(bits.tolist()))
        label = f"{labels[row]:.4g}" if row in labels else ""
        lines.append(f"{label:>{_MARGIN}} {'┤' if row in labels else '│'}{text.rstrip()}")
    return [*lines, *_axis(picture, columns, mark)]


def _cells(picture: Picture, columns: int, height: int) -> NDArray[np.int64]:
    """Braille bits of each character: the curve as a line, the band's edges as dots."""
    dots = np.zeros((height * 4, columns * 2), dtype=bool)
    curve = _rows(picture, picture.sweep.smoothed, dots.shape)
    for x in np.flatnonzero(~np.isnan(curve)).tolist():
        before = curve[x - 1] if x and not math.isnan(curve[x - 1]) else curve[x]
        top, bottom = sorted((int(before), int(curve[x])))
        dots[max(top, 0) : bottom + 1, x] = True
    for edge in picture.band or ():
        rows = _rows(picture, edge, dots.shape)
        for x in np.flatnonzero((rows >= 0) & (np.arange(len(rows)) % 3 == 0)).tolist():
            dots[int(rows[x]), x] = True
    cells = dots.reshape(height, 4, columns, 2)
    bits: NDArray[np.int64] = np.einsum("hicj,ij->hc", cells.astype(np.int64), _DOTS)
    return bits


def _rows(picture: Picture, losses: Values, shape: tuple[int, ...]) -> Values:
    """Row of dots of the loss in each column of dots, from the top; NaN where the test has not been."""
    height, width = shape
    low, high = picture.losses
    least, most = (math.log(limit) for limit in picture.limits)
    at = np.linspace(least, most, width)
    known = np.log(picture.sweep.learning_rate)
    loss = np.interp(at, known, losses, right=np.nan)
    rows: Values = np.minimum(np.round((high - loss) / (high - low) * (height - 1)), height - 1)
    return rows


def _column(picture: Picture, rate: float, columns: int) -> int:
    low, high = (math.log(limit) for limit in picture.limits)
    return round((math.log(rate) - low) / (high - low) * (columns - 1))


def _axis(picture: Picture, columns: int, mark: int | None) -> list[str]:
    """The axis with a tick at each round learning rate that has room for its label, and the mark below."""
    ticks, labels, free = list("─" * columns), [" "] * (columns + 6), 0
    for rate in _round_rates(*picture.limits):
        column, label = _column(picture, rate, columns), short(rate)
        ticks[column] = "┴"
        start = max(column - 1, 0)
        if start >= free:
            labels[start : start + len(label)] = label
            free = start + len(label) + 2
    lines = [f"{'':{_MARGIN}} └{''.join(ticks)}", f"{'':{_MARGIN + 2}}{''.join(labels).rstrip()}"]
    if mark is not None and picture.advice.learning_rate is not None:
        lines.append(f"{'':{_MARGIN + 2 + mark}}▲ {short(picture.advice.learning_rate, 2)}")
    return lines


def _round_rates(low: float, high: float) -> list[float]:
    """Powers of ten within the limits; with 2 and 5 times them where there are few."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    factors = (1,) if high / low >= 100 else (1, 2, 5)
    rates = (float(f"{factor}e{power}") for power in powers for factor in factors)
    return [rate for rate in rates if low * (1 - _SLACK) <= rate <= high * (1 + _SLACK)]


def range_picture(picture: Picture, form: canvas.Form, *, dark: bool = False) -> bytes:
    """Draw each batch's loss, the smoothed one with its band, and where the rules point.

    Args:
        picture: a sweep of at least one step.
        form: ``svg`` or ``png``.
        dark: light curves on a dark ground.
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
    rates, blue = picture.sweep.learning_rate, theme.lines[0]
    if picture.band is not None:
        panel.fill_between(rates, *picture.band, color=blue, alpha=0.2, linewidth=0, label="smoothed, all seeds")
    panel.plot(rates, picture.sweep.loss, ".", color=theme.muted, alpha=0.6, markersize=3, label="each batch")
    panel.plot(rates, picture.sweep.smoothed, color=blue, label="smoothed")


def _uprights(panel: "Axes", theme: Theme, advice: Advice) -> None:
    """A line for each rule; dashes tell them apart without colour."""
    marks = advice.marks
    places = {} if marks is None else {"steepest": marks.steepest, "valley": marks.valley, "minimum": marks.minimum}
    for k, (name, rate) in enumerate(places.items(), start=1):
        panel.axvline(rate, color=theme.lines[k + 1], linestyle=DASHES[k], linewidth=1.2, label=f"{name} {short(rate)}")
    if advice.learning_rate is not None:
        label = f"recommended {short(advice.learning_rate, 2)}"
        panel.axvline(advice.learning_rate, color=theme.lines[1], linewidth=1.8, label=label)
