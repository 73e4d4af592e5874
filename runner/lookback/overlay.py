"""Curves of several runs over one another, drawn with characters: each run has a letter where its curve ends."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from rich.text import Text

from runner.lookback.reduce import Curve
from runner.numerals import short
from runner.plots.braille import Canvas, Cell
from runner.plots.number_format import count, nice_step
from runner.views.lines import Screen

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STYLES = ("cyan", "yellow", "magenta", "green", "blue", "red")
_FALLS = 20.0
"""A curve that spans more than this factor is drawn on a logarithmic scale."""
_LEAST = 12
_GUTTER = 6
"""Columns of the values at the left, so that panels stand under one another."""
_DECADES = 6


def style(index: int) -> str:
    """Colour of the curve with this index, and of its letter."""
    return STYLES[index % len(STYLES)]


class Frame(NamedTuple):
    """What the curves of a panel are drawn in."""

    screen: Screen
    total: float
    """Value of x at the right edge."""
    share: bool
    """Whether x is a share of the run, and not steps."""
    rows: int = 8
    lettered: bool = True
    """Whether there are several curves to tell apart."""


def panel(title: str, curves: Sequence[Curve], frame: Frame) -> list[Text]:
    """Draw curves of one quantity over one another.

    Args:
        title: the quantity.
        curves: one a run, in the order of the letters; without points where a run has none.
        frame: what they are drawn in.
    """
    known = [curve.y for curve in curves if len(curve.y)]
    if not known:
        return []
    low, high = min(float(y.min()) for y in known), max(float(y.max()) for y in known)
    if low == high:
        return [Text.assemble((title, "bold"), f"  {short(low)} throughout")]
    log = low > 0 and high / low > _FALLS and title != "learning rate" and title != "momentum"
    floor = max(low, high / 10**_DECADES) if log else low
    head = Text.assemble((title, "bold"), ", logarithmic" if log else "")
    return [head, *_Drawing(frame, floor, high, log=log).lines(curves)]


class _Drawing:
    def __init__(self, frame: Frame, low: float, high: float, *, log: bool) -> None:
        self.frame, self.low, self.high, self.log = frame, low, high, log
        self.labels = {0: short(high), frame.rows - 1: short(low)}
        self.gutter = max(_GUTTER, *map(len, self.labels.values()))
        self.margin = 4 if frame.lettered else 0
        self.columns = max(_LEAST, frame.screen.width - self.gutter - 2 - self.margin)

    def lines(self, curves: Sequence[Curve]) -> list[Text]:
        """The rows of the panel, and the axis beneath."""
        glyphs, cell = self.frame.screen.glyphs, self.frame.screen.glyphs.cell
        drawn = [self._trace(curve, cell, dashed=k % 2 == 1) for k, curve in enumerate(curves)]
        ends = self._ends(curves)
        lines = []
        for row in range(self.frame.rows):
            mark = glyphs.tick_left if row in self.labels else glyphs.upright
            line = Text(f"{self.labels.get(row, ''):>{self.gutter}} {mark}")
            line.append_text(self._merged([rows[row] for rows in drawn], cell))
            if ends.get(row):
                line.append(" " * (self.gutter + 2 + self.columns - line.cell_len + 1))
                for k in ends[row][: self.margin - 1]:
                    line.append(LETTERS[k % 26], style(k))
            lines.append(line)
        return [*lines, *self._axis()]

    def _trace(self, curve: Curve, cell: Cell, *, dashed: bool) -> list[str]:
        canvas = Canvas(self.columns, self.frame.rows, cell)
        if len(curve.x):
            x = np.clip(curve.x / max(self.frame.total, 1e-300), 0, 1)
            canvas.trace(x, np.array([self._height(value) for value in curve.y]), dashed=dashed and self.frame.lettered)
        return [line.ljust(self.columns) for line in canvas.lines()]

    def _height(self, value: float) -> float:
        if self.log:
            return math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def _ends(self, curves: Sequence[Curve]) -> dict[int, list[int]]:
        """Which curves end on which row."""
        found: dict[int, list[int]] = {}
        for k, curve in enumerate(curves if self.frame.lettered else ()):
            if len(curve.y):
                row = round((1 - self._height(float(curve.y[-1]))) * (self.frame.rows - 1))
                found.setdefault(row, []).append(k)
        return found

    def _merged(self, rows: Sequence[str], cell: Cell) -> Text:
        """Characters laid over one another: all dots of a place, in the colour of the last curve there."""
        merged = Text()
        for place in zip(*rows, strict=True):
            bits, owner = 0, None
            for k, character in enumerate(place):
                if character != " ":
                    bits, owner = bits | cell.characters.index(character), k
            merged.append(cell.characters[bits], "" if owner is None else style(owner))
        return merged

    def _axis(self) -> list[Text]:
        glyphs, frame = self.frame.screen.glyphs, self.frame
        tick = 0.2 if frame.share else nice_step(frame.total, max(self.columns // 12, 1), whole=True)
        axis, labels = [glyphs.across] * self.columns, ""
        for k in range(int(frame.total / tick + 1e-6) + 1):
            column = round(k * tick / frame.total * (self.columns - 1))
            text = f"{k * tick:.0%}" if frame.share else count(k * tick)
            axis[column] = glyphs.tick if k else glyphs.across
            begin = min(max(column - len(text) // 2, 0), self.columns - len(text))
            if begin >= len(labels) + (1 if labels else 0):
                labels = labels.ljust(begin) + text
        name = "run" if frame.share else "step"
        corner = f"{'':{self.gutter}} {glyphs.corner}"
        return [Text(corner + "".join(axis)), Text(f"{name:>{self.gutter}}  {labels}")]
