"""The trials of a sweep in parallel coordinates, as numbers and texts for a template to write as SVG."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from runner.lookback.chart import HEIGHT, LEFT, TOP, WIDTH
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
_PHONE_WIDTH, _PHONE_EDGE, _PHONE_STEP, _PHONE_TOP = 360, 6, 76, 30
"""On the screen of a phone: the picture's width, its margin, and the distances of axes from each other and the top."""
_PHONE_CHARACTER = 7.6


class Label(NamedTuple):
    """A name or a value of an axis."""

    x: float
    y: float
    anchor: str
    """``start``, ``middle`` or ``end``."""
    text: str
    full: str = ""
    """What a shortened text stands for."""


class Axis(NamedTuple):
    """A range, or the objective: from its lowest value to its highest."""

    low: tuple[float, float]
    high: tuple[float, float]
    labels: list[Label]

    def at(self, share: float) -> tuple[float, float]:
        """The point so far along the axis."""
        kept = min(max(share, 0.0), 1.0)
        (x0, y0), (x1, y1) = self.low, self.high
        return x0 + (x1 - x0) * kept, y0 + (y1 - y0) * kept


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

    look: str
    """``wide``, with upright axes side by side; or ``narrow``, for a phone, with level axes one below the other."""
    axes: list[Axis]
    paths: list[Path]
    size: tuple[int, int]
    description: str


def parallel(definition: Definition, rows: Sequence[Row]) -> list[Parallel]:
    """Lay the picture out, for a wide screen and for a narrow one; none where no trial has a value of the objective.

    The best result is at the upper or right end of the last axis, whether more or less of the objective is better.
    """
    drawn = [row for row in rows if row.value is not None and math.isfinite(row.value)]
    if not drawn:
        return []
    names = [*definition.sweep.ranges, definition.sweep.objective]
    marks = [*map(_marks, definition.sweep.ranges.values()), _objective_marks(definition, drawn)]
    tall = _PHONE_TOP + _PHONE_STEP * (len(names) - 1) + 26
    return [
        _picture("wide", _upright(names, marks), (WIDTH, HEIGHT), definition, drawn),
        _picture("narrow", _level(names, marks), (_PHONE_WIDTH, tall), definition, drawn),
    ]


Marks = Sequence[tuple[float, str]]
"""Shares of the way along an axis, and the texts that stand there."""


def _upright(names: Sequence[str], marks: Sequence[Marks]) -> list[Axis]:
    """Axes side by side, with their values on the left and their names below."""
    step = (WIDTH - LEFT - _RIGHT) / (len(names) - 1)
    axes = []
    for k, (name, values) in enumerate(zip(names, marks, strict=True)):
        x = LEFT + k * step
        axis = Axis((x, TOP + _TALL), (x, TOP), [])
        labels = [Label(x - 5, axis.at(share)[1] + 3.5, "end", text) for share, text in values]
        below = Label(x, TOP + _TALL + 24, "middle", _fitting(name, step), printable(name))
        axes.append(axis._replace(labels=[*labels, below]))
    return axes


def _level(names: Sequence[str], marks: Sequence[Marks]) -> list[Axis]:
    """Axes one below the other, with their names above and their values below."""
    axes = []
    for k, (name, values) in enumerate(zip(names, marks, strict=True)):
        y = _PHONE_TOP + k * _PHONE_STEP
        axis = Axis((_PHONE_EDGE, y), (_PHONE_WIDTH - _PHONE_EDGE, y), [])
        inside = _PHONE_WIDTH - 2 * _PHONE_EDGE
        above = Label(_PHONE_EDGE, y - 9, "start", _end_of(printable(name), inside, _PHONE_CHARACTER), printable(name))
        labels = [
            Label(axis.at(share)[0], y + 18, {0.0: "start", 1.0: "end"}.get(share, "middle"), text)
            for share, text in _with_room(values, inside)
        ]
        axes.append(axis._replace(labels=[above, *labels]))
    return axes


def _with_room(marks: Marks, inside: float) -> Marks:
    """All marks where they fit side by side; else the ends alone."""
    widest = max(len(text) for _, text in marks) * _PHONE_CHARACTER
    return marks if len(marks) * (widest + 8) <= inside else [marks[0], marks[-1]]


def _picture(
    look: str, axes: list[Axis], size: tuple[int, int], definition: Definition, drawn: Sequence[Row]
) -> Parallel:
    shares = [*map(_share, definition.sweep.ranges.values()), _objective(definition, drawn)]
    winner = best(definition, drawn)
    order = sorted(drawn, key=lambda row: shares[-1](row.value or 0.0))  # the best is drawn last, above the others
    paths = [_path(row, axes, shares, definition, is_best=row is winner) for row in order]
    said = f"{len(drawn)} trials over {len(axes) - 1} ranges and {definition.sweep.objective}"
    return Parallel(look, axes, paths, size, printable(said))


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


def _marks(each: Range) -> Marks:
    """The ends of a range, or the words of its choices."""
    share, ends = _share(each), each.ends
    shown = ends if each.choice is None or len(ends) <= _CHOICES else (ends[0], ends[-1])
    return [(share(value), _said(value)) for value in shown]


def _objective_marks(definition: Definition, rows: Sequence[Row]) -> Marks:
    share = _objective(definition, rows)
    return sorted((share(value), short(value)) for value in set(_bounds(rows)))


def _said(value: Scalar) -> str:
    return short(value) if isinstance(value, float) else printable(str(value))[:12]


def _path(row: Row, axes: Sequence[Axis], shares: Sequence[Share], definition: Definition, *, is_best: bool) -> Path:
    values: list[Scalar] = [*(row.values[path] for path in definition.sweep.ranges), row.value or 0.0]
    heights = [share(value) for share, value in zip(shares, values, strict=True)]
    places = [axis.at(height) for axis, height in zip(axes, heights, strict=True)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    look = "best" if is_best else "done" if row.counts else "ended"
    said = f"trial {row.number}, {row.state}: {definition.sweep.objective} {short(row.value or 0.0)}"
    return Path(points, look, round(0.35 + 0.55 * heights[-1], 2), printable(said))


def _fitting(name: str, step: float) -> str:
    """The last part of a path, as far as it fits between two axes."""
    return _end_of(printable(name.rpartition(".")[2]), step - 4, _CHARACTER)


def _end_of(text: str, room: float, character: float) -> str:
    """A text, or as much of it as the room takes; empty where that is next to nothing."""
    most = max(int(room / character), 0)
    return text if len(text) <= most else text[: most - 1] + "…" if most > 2 else ""
