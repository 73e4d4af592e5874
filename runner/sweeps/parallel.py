"""The trials of a sweep in parallel coordinates, as numbers and texts for a template to write as SVG."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from runner.lookback.chart import HEIGHT, LEFT, TOP, WIDTH, Mark
from runner.numerals import short
from runner.sweeps.definition import Definition
from runner.sweeps.table import Row, best
from runner.text import printable
from schemas.sweep import Range, Scalar

_TALL = HEIGHT - TOP - 30
_RIGHT = 56
"""Half of the objective's name stands there."""
_CHARACTER = 6.4
_CHOICES = 8
"""Choices whose words are written at an axis."""


class Axis(NamedTuple):
    """A range, or the objective, as a vertical axis."""

    x: float
    name: str
    """Empty where it does not fit; ``full`` has it."""
    full: str
    marks: list[Mark]


class Path(NamedTuple):
    """A trial as a line from axis to axis."""

    points: str
    look: str
    """``best``, ``done`` or ``ended`` for one that has not come to its end."""
    opacity: float
    """The better its result, the more of it is seen."""
    full: str


class Parallel(NamedTuple):
    """The picture."""

    axes: list[Axis]
    paths: list[Path]
    size: tuple[int, int]
    top: int
    tall: int
    description: str


def parallel(definition: Definition, rows: Sequence[Row]) -> Parallel | None:
    """Lay the picture out; None where no trial has a value of the objective.

    The best result is on top of the last axis, whether more or less of the objective is better.
    """
    drawn = [row for row in rows if row.value is not None and math.isfinite(row.value)]
    if not drawn:
        return None
    names = [*definition.sweep.ranges, definition.sweep.objective]
    step = (WIDTH - LEFT - _RIGHT) / (len(names) - 1)
    shares = [*map(_share, definition.sweep.ranges.values()), _objective(definition, drawn)]
    axes = [
        Axis(LEFT + k * step, _fitting(name, step), printable(name), marks)
        for k, (name, marks) in enumerate(zip(names, _marks(definition, drawn), strict=True))
    ]
    winner = best(definition, drawn)
    order = sorted(drawn, key=lambda row: shares[-1](row.value or 0.0))  # the best is drawn last, above the others
    paths = [_path(row, axes, shares, definition, is_best=row is winner) for row in order]
    said = f"{len(drawn)} trials over {len(names) - 1} ranges and {definition.sweep.objective}"
    return Parallel(axes, paths, (WIDTH, HEIGHT), TOP, _TALL, printable(said))


Share = Callable[[Scalar], float]
"""From a value to its share of the way up an axis."""


def _share(each: Range) -> Share:
    if each.choice is not None:
        places = {(type(value), value): k for k, value in enumerate(each.choice)}
        return lambda value: places.get((type(value), value), 0) / max(len(places) - 1, 1)
    low, high = (float(end) for end in each.ends)
    if each.log is not None:
        return lambda value: math.log(float(value) / low) / (math.log(high / low) or 1.0)
    return lambda value: (float(value) - low) / ((high - low) or 1.0)


def _objective(definition: Definition, rows: Sequence[Row]) -> Share:
    low, high = _bounds(rows)
    if definition.rising:
        return lambda value: (float(value) - low) / ((high - low) or 1.0)
    return lambda value: (high - float(value)) / ((high - low) or 1.0)


def _bounds(rows: Sequence[Row]) -> tuple[float, float]:
    values = [row.value for row in rows if row.value is not None]
    return min(values), max(values)


def _marks(definition: Definition, rows: Sequence[Row]) -> list[list[Mark]]:
    """The marks of each axis: its ends, or the words of its choices."""
    found = []
    for each in definition.sweep.ranges.values():
        share, ends = _share(each), each.ends
        shown = ends if each.choice is None or len(ends) <= _CHOICES else (ends[0], ends[-1])
        found.append([Mark(_down(share(value)), _said(value)) for value in shown])
    low, high = _bounds(rows)
    share = _objective(definition, rows)
    return [*found, [Mark(_down(share(value)), short(value)) for value in dict.fromkeys((low, high))]]


def _said(value: Scalar) -> str:
    return short(value) if isinstance(value, float) else printable(str(value))[:12]


def _path(row: Row, axes: Sequence[Axis], shares: Sequence[Share], definition: Definition, *, is_best: bool) -> Path:
    values: list[Scalar] = [*(row.values[path] for path in definition.sweep.ranges), row.value or 0.0]
    heights = [share(value) for share, value in zip(shares, values, strict=True)]
    points = " ".join(f"{axis.x:.1f},{_down(height):.1f}" for axis, height in zip(axes, heights, strict=True))
    look = "best" if is_best else "done" if row.counts else "ended"
    said = f"trial {row.number}, {row.state}: {definition.sweep.objective} {short(row.value or 0.0)}"
    return Path(points, look, round(0.2 + 0.7 * heights[-1], 2), printable(said))


def _down(share: float) -> float:
    return TOP + _TALL * (1 - min(max(share, 0.0), 1.0))


def _fitting(name: str, step: float) -> str:
    """The last part of a path, as far as it fits between two axes."""
    most = max(int((step - 4) / _CHARACTER), 0)
    last = printable(name.rpartition(".")[2])
    return last if len(last) <= most else last[: most - 1] + "…" if most > 2 else ""
