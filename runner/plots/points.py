"""Selects the points of a curve whose values are written as numbers."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from runner.plots.sampled_steps import Steps, Values

_MOST_ROWS = 6


class Row(NamedTuple):
    """An interval of steps [start, stop) with the values at its ends."""

    start: int
    stop: int
    first: float
    last: float


class Point(NamedTuple):
    """A point of a curve."""

    step: float
    value: float


def telling_points(rows: Sequence[Row], steps: Steps, values: Values) -> list[Point]:
    """The ends of each row, or its middle if it is flat; if there are many rows, only the first, highest and last.

    The last point is that of the last step. A constant value is written once.
    """
    last = Point(float(steps[-1]), float(values[-1]))
    if len(rows) > _MOST_ROWS:
        highest = int(values.argmax())
        found = [Point(float(steps[k]), float(values[k])) for k in sorted({0, highest} - {len(steps) - 1})]
        return [*found, last]
    inner = [point for k, row in enumerate(rows) for point in _of(row, rows[k + 1] if k + 1 < len(rows) else None)]
    return [*_without_repetitions(inner, last), last]


def _of(row: Row, following: Row | None) -> list[Point]:
    if row.first == row.last:
        return [Point((row.start + row.stop) / 2, row.first)]
    start = Point(row.start, row.first)
    if following is None or following.first == row.last:
        return [start]
    return [start, Point(row.stop - 1, row.last)]


def _without_repetitions(points: Sequence[Point], last: Point) -> list[Point]:
    kept: list[Point] = []
    for point in points:
        if not kept or not np.isclose(point.value, kept[-1].value, rtol=1e-6, atol=0):
            kept.append(point)
    # The value of the last step is written in the margin; a flat last row needs it only there.
    if kept and np.isclose(kept[-1].value, last.value, rtol=1e-6, atol=0):
        kept.pop()
    return kept
