"""Draws a schedule with characters: curves, values on the left, epochs and phases below."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from runner.numerals import short
from runner.plots.braille import ASCII, BRAILLE, Canvas, Cell
from runner.plots.captions import plateau_note
from runner.plots.number_format import nice_step
from runner.plots.sampled_steps import Samples, Track, Values, sample
from runner.text import printable

Role = Literal["title", "rate", "momentum", "axis", "note"]


class Line(NamedTuple):
    """One line of the plot, without a line feed, and its role."""

    role: Role
    text: str


@dataclass(frozen=True)
class Glyphs:
    """Characters of the lines."""

    cell: Cell
    upright: str
    tick_left: str
    corner: str
    across: str
    tick: str
    wide: str
    """Character before a name that is wider than its phase."""


UNICODE = Glyphs(BRAILLE, "│", "┤", "└", "─", "┴", "╰")
PLAIN = Glyphs(ASCII, "|", "|", "+", "-", "+", "`")

_GUTTER = 5
"""Minimum width of the left margin: the word ``epoch``."""
_LEAST = 20
"""Minimum width of the curve in columns."""
_DECADES = 6
"""Maximum number of powers of ten below the highest value in a logarithmic plot."""


@dataclass(frozen=True)
class Size:
    """Size of a plot."""

    width: int
    """Maximum width of a line in columns, at least 30."""
    rate_rows: int = 6
    momentum_rows: int = 3


def draw_track(track: Track, size: Size, glyphs: Glyphs = UNICODE, *, log: bool = False) -> list[Line]:
    """Draw a track's learning rate and momentum; a constant value is given in one line instead."""
    return list(_Drawing(track, sample(track), size, glyphs, log=log).lines())


class _Drawing:
    def __init__(self, track: Track, samples: Samples, size: Size, glyphs: Glyphs, *, log: bool) -> None:
        self.track, self.samples, self.size, self.glyphs, self.log = track, samples, size, glyphs, log
        known = [curve for curve in (samples.rates, samples.lowest, samples.momenta) if curve is not None]
        self.gutter = max(_GUTTER, *(len(short(float(end))) for curve in known for end in (curve.min(), curve.max())))
        self.columns = max(_LEAST, size.width - self.gutter - 2)
        self.x = samples.steps / max(track.steps - 1, 1)

    def lines(self) -> Iterator[Line]:
        rates = [curve for curve in (self.samples.rates, self.samples.lowest) if curve is not None]
        momenta = [] if self.samples.momenta is None else [self.samples.momenta]
        moving = [np.ptp(curves) > 0 for curves in (rates, momenta) if curves]
        if moving[0]:
            yield from self._panel("learning rate", "rate", rates, self.size.rate_rows, log=self.log)
        if moving[1:] == [True]:
            yield from self._panel("momentum", "momentum", momenta, self.size.momentum_rows)
        if any(moving):
            yield from (Line("axis", text.rstrip()) for text in (*self._epochs(), *self._phases()))
        for name, curves in (("learning rate", rates), ("momentum", momenta)):
            if curves and np.ptp(curves) == 0:
                yield Line("note", f"{name} {short(float(curves[0][0]))} throughout")
        for note in plateau_note(self.track, self.samples):
            yield from (Line("note", text) for text in textwrap.wrap(note, max(self.size.width, _LEAST)))

    def _panel(
        self, name: str, role: Role, curves: Sequence[Values], rows: int, *, log: bool = False
    ) -> Iterator[Line]:
        yield Line("title", name)
        low, high = float(np.min(curves)), float(np.max(curves))
        canvas = Canvas(self.columns, rows, self.glyphs.cell)
        for k, curve in enumerate(curves):
            canvas.trace(self.x, _heights(curve, low, high, log=log), dashed=k > 0)
        labels = {0: short(high), rows - 1: short(low)}
        for row, text in enumerate(canvas.lines()):
            mark = self.glyphs.tick_left if row in labels else self.glyphs.upright
            yield Line(role, f"{labels.get(row, ''):>{self.gutter}} {mark}{text}")

    def _epochs(self) -> tuple[str, str]:
        epochs = self.track.epochs
        tick = nice_step(epochs, self.columns // 6, whole=epochs >= 3)
        axis, labels = list(self.glyphs.across * self.columns), _Row(self.columns)
        for k in range(int(epochs / tick + 1e-6) + 1):
            column, text = round(k * tick / epochs * (self.columns - 1)), f"{k * tick:.6g}"
            axis[column] = self.glyphs.tick if k else self.glyphs.across  # at zero the corner serves as the tick
            labels.put(min(max(column - len(text) // 2, 0), self.columns - len(text)), text)
        corner = f"{'':{self.gutter}} {self.glyphs.corner}"
        return f"{corner}{''.join(axis)}", f"{'epoch':>{self.gutter}}  {labels.text}"

    def _phases(self) -> list[str]:
        phases = self.track.schedule.phases
        rows = self._names() if len(phases) <= self.columns // 6 else None
        if rows is None:
            rows = (f"{len(phases):,} phases: {printable(phases[0].name)} … {printable(phases[-1].name)}",)
            rows = rows if cell_len(rows[0]) <= self.columns else (f"{len(phases):,} phases",)
        return [f"{'':{self.gutter}}  {text}" for text in rows if text] if len(phases) > 1 else []

    def _names(self) -> tuple[str, ...] | None:
        """Names below their phases, those wider than their phase on a second line; None if they do not all fit."""
        own, below, fit = _Row(self.columns), _Row(self.columns), True
        for phase in self.track.schedule.phases:
            start, stop = (round(step / self.track.steps * self.columns) for step in (phase.start, phase.stop))
            name, mark = printable(phase.name), self.glyphs.upright if phase.start else ""
            if len(mark) + cell_len(name) <= stop - start - (stop < self.columns):
                own.put(start, f"{mark}{name}")
            else:
                wide = f"{self.glyphs.wide}{name}"
                own.put(start, mark)
                fit = fit and below.put(max(min(start, self.columns - cell_len(wide)), 0), wide)
        return (own.text, below.text) if fit else None


class _Row:
    """Words placed from left to right on one line; a word that would overlap another is skipped."""

    def __init__(self, columns: int) -> None:
        self.text = ""
        self._columns = columns

    def put(self, column: int, word: str) -> bool:
        """Place a word; return False if there is no room."""
        used = cell_len(self.text)
        if column < used or column + cell_len(word) > self._columns:
            return False
        self.text += " " * (column - used) + word
        return True


def _heights(values: Values, low: float, high: float, *, log: bool) -> NDArray[np.float64]:
    """Values as heights from 0 to 1."""
    numbers = values.astype(np.float64)
    if not log:
        return (numbers - low) / (high - low)
    floor = high / 10**_DECADES if low <= high / 10**_DECADES else low
    heights: NDArray[np.float64] = np.log(np.maximum(numbers, floor) / floor) / np.log(high / floor)
    return heights
