"""Curves drawn with block characters."""

import math
from collections.abc import Iterable, Sequence

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_RESOLUTION = 240
"""Number of points kept per curve, however many steps the run has; more than half a terminal is wide."""


class Curve:
    """A quantity over the whole run, as means over equal intervals of steps.

    Args:
        steps: number of steps of the run, at least 1.
    """

    def __init__(self, steps: int) -> None:
        self._steps = max(1, steps)
        self._sums = [0.0] * min(_RESOLUTION, self._steps)
        self._counts = [0] * len(self._sums)

    def add(self, first_step: int, values: Iterable[float]) -> None:
        """Add the values of consecutive steps; NaN and infinity leave a gap."""
        for step, value in enumerate(values, start=first_step):
            if math.isfinite(value) and step < self._steps:
                point = step * len(self._sums) // self._steps
                self._sums[point] += value
                self._counts[point] += 1

    def points(self, width: int) -> list[float | None]:
        """The curve as ``width`` points; None where the run has not been yet."""
        return [self._mean(*_stretch(column, width, len(self._sums))) for column in range(width)]

    def _mean(self, start: int, stop: int) -> float | None:
        count = sum(self._counts[start:stop])
        return sum(self._sums[start:stop]) / count if count else None


def _stretch(column: int, width: int, points: int) -> tuple[int, int]:
    start = column * points // width
    return start, max(start + 1, (column + 1) * points // width)


def draw(points: Sequence[float | None], rows: int, *, logarithmic: bool = False) -> list[str]:
    """Draw points as bars, ``rows`` characters high, to an eighth of a character.

    Linear bars start at zero, so that their heights are proportional to the values. Logarithmic bars start at the
    smallest value: a loss falls through powers of ten, and after the first steps a linear plot would look flat.
    """
    known = [point for point in points if point is not None]
    logarithmic = logarithmic and min(known, default=0.0) > 0
    low = math.log(min(known)) if logarithmic else min(0.0, min(known, default=0.0))
    high = math.log(max(known)) if logarithmic else max(known, default=0.0)
    heights = []
    for point in points:
        if point is None:
            heights.append(0)
        else:
            share = ((math.log(point) if logarithmic else point) - low) / (high - low) if high > low else 1.0
            heights.append(max(1, round(share * rows * 8)))
    return ["".join(_EIGHTHS[min(8, max(0, h - 8 * row))] for h in heights) for row in reversed(range(rows))]
