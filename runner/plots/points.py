"""Which points of a curve deserve their value in figures."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from runner.plots.samples import Steps, Values

_MOST_ROWS = 6


class Row(NamedTuple):
    """A stretch of steps [start, stop) with the values at its ends."""

    start: int
    stop: int
    first: float
    last: float


class Point(NamedTuple):
    """A point of a curve."""

    step: float
    value: float


def telling_points(rows: Sequence[Row], steps: Steps, values: Values) -> list[Point]:
    """Where each row begins and ends, or its middle where it is flat; of many rows the first, highest and last.

    The last point is the last step's. A value that stays is told once.
    """
    last = Point(float(steps[-1]), float(values[-1]))
    if len(rows) > _MOST_ROWS:
        highest = int(values.argmax())
        found = [Point(float(steps[k]), float(values[k])) for k in sorted({0, highest} - {len(steps) - 1})]
        return [*found, last]
    inner = [point for k, row in enumerate(rows) for point in _of(row, rows[k + 1] if k + 1 < len(rows) else None)]
    return [*_told_once(inner, last), last]


def _of(row: Row, following: Row | None) -> list[Point]:
    if row.first == row.last:
        return [Point((row.start + row.stop) / 2, row.first)]
    start = Point(row.start, row.first)
    if following is None or following.first == row.last:
        return [start]
    return [start, Point(row.stop - 1, row.last)]


def _told_once(points: Sequence[Point], last: Point) -> list[Point]:
    told: list[Point] = []
    for point in points:
        if not told or not np.isclose(point.value, told[-1].value, rtol=1e-6, atol=0):
            told.append(point)
    # The last step's value is written at the margin; a flat last row needs it only there.
    if told and np.isclose(told[-1].value, last.value, rtol=1e-6, atol=0):
        told.pop()
    return told
