"""Windows over a series, by arithmetic on positions: no value is looked at or copied."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.splits.shares import Parts, sizes
from runner.errors import DataError

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Windows:
    """A window is ``length`` rows to look at and ``horizon`` rows right after them to predict.

    Attributes:
        length: rows that are looked at.
        horizon: rows that are predicted.
        stride: rows from one window's start to the next one's.
    """

    length: int
    horizon: int = 1
    stride: int = 1

    def __post_init__(self) -> None:
        for name in ("length", "horizon", "stride"):
            if getattr(self, name) < 1:
                raise DataError(f"windows have a {name} of at least 1, got {getattr(self, name)}")

    @property
    def span(self) -> int:
        """Rows of a window."""
        return self.length + self.horizon

    def count(self, rows: int) -> int:
        """Windows that lie wholly in a series of so many rows."""
        return max((rows - self.span) // self.stride + 1, 0)

    def starts(self, rows: int) -> Indices:
        """First row of each window.

        Raises:
            DataError: the series is shorter than a window.
        """
        if self.count(rows) == 0:
            raise DataError(
                f"a window takes {self.span:,} rows ({self.length:,} to look at, {self.horizon:,} to predict), "
                f"the series has {rows:,}",
                "make length or horizon smaller",
            )
        return np.arange(self.count(rows), dtype=np.int64) * self.stride

    def of_series(self, series: NDArray[Any]) -> Indices:
        """First row of each window when rows of several series follow one another; no window has rows of two.

        Args:
            series: of each row; rows of one series are together. A series shorter than a window gives none.

        Raises:
            DataError: a series comes in two pieces, or none is long enough.
        """
        bounds = [0, *(np.flatnonzero(series[1:] != series[:-1]) + 1).tolist(), len(series)]
        if len(series) and len(np.unique(series)) != len(bounds) - 1:
            raise DataError("rows of one series are together, one series after another", "sort them by series and time")
        found = [first + np.arange(self.count(stop - first)) * self.stride for first, stop in pairwise(bounds)]
        starts = np.concatenate(found).astype(np.int64)
        if not len(starts):
            self.starts(max((stop - first for first, stop in pairwise(bounds)), default=0))
        return starts

    def inputs(self, starts: Indices) -> Indices:
        """Rows that are looked at, of the shape ``(n, length)``."""
        return starts[:, None] + np.arange(self.length)

    def targets(self, starts: Indices) -> Indices:
        """Rows that are predicted, of the shape ``(n, horizon)``."""
        return starts[:, None] + self.length + np.arange(self.horizon)

    def split(self, starts: Indices, bounds: Mapping[str, tuple[int, int]]) -> Parts:
        """Windows by the part in which all their rows lie; those across a bound are in none.

        No part has a row of another, neither to look at nor to predict.

        Args:
            starts: first row of each window.
            bounds: first row of each part, and one past its last.

        Raises:
            DataError: a part gets no window.
        """
        ends = starts + self.span
        found = {name: starts[(starts >= start) & (ends <= stop)] for name, (start, stop) in bounds.items()}
        for name, part in found.items():
            if not len(part):
                start, stop = bounds[name]
                raise DataError(
                    f"part {name!r} has {stop - start:,} rows and gets no window of {self.length:,} + {self.horizon:,}",
                    "give it a larger share, or make the windows smaller",
                )
        return found


def time_bounds(rows: int, shares: Mapping[str, float]) -> dict[str, tuple[int, int]]:
    """Rows of each part of a series in the order of time: the first part has the earliest.

    Raises:
        DataError: the shares are wrong, or a part gets no row.
    """
    ends = np.cumsum([0, *sizes(rows, shares).values()]).tolist()
    return dict(zip(shares, pairwise(ends), strict=True))
