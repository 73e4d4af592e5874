"""Times of a series: whether they rise, and where steps between rows are not the usual one."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from runner.errors import DataError

Called = Callable[[int], str]
"""Such as ``power.csv: row 7``, of a row by its place in the series."""
Gaps = Literal["fail", "split", "allow"]
_WAYS = (
    "`gaps: split` makes no window across such a gap",
    "`gaps: allow` is for steps that differ, such as months or trading days",
)


def pieces(times: NDArray[Any], gaps: Gaps, called: Called) -> NDArray[np.int64]:
    """Number of the piece without gaps that each row is in.

    Args:
        times: of the rows, numbers or ``datetime64``.
        gaps: what is done where a step is not the most frequent one.
        called: names a row in messages.

    Raises:
        DataError: a row has no time, or is not later than the one before it; or a step differs, and may not.
    """
    absent = np.isnat(times) if times.dtype.kind == "M" else np.isnan(times)
    if absent.any():
        raise DataError(f"{called(int(np.argmax(absent)))} has no time", "windows need the time of every row")
    steps = np.diff(times)
    zero = np.zeros((), steps.dtype)
    back = steps <= zero
    if back.any():
        row = int(np.argmax(back)) + 1
        how = "the same time as" if steps[row - 1] == zero else "an earlier time than"
        raise DataError(
            f"{called(row)} has {how} the row before it: {_said(times[row])} after {_said(times[row - 1])}",
            "sort the rows by time, one for each moment",
        )
    if gaps == "allow" or len(steps) == 0:
        return np.zeros(len(times), np.int64)
    usual = usual_step(steps)
    wide = steps != usual if steps.dtype.kind == "m" else ~np.isclose(steps, usual, rtol=1e-6, atol=0)
    if gaps == "fail" and wide.any():
        row = int(np.argmax(wide)) + 1
        raise DataError(
            f"{called(row)} comes {_said(steps[row - 1])} after the row before it; the usual step is {_said(usual)}",
            f"{int(wide.sum()):,} of {len(steps):,} steps differ",
            *_WAYS,
        )
    return np.concatenate([[0], np.cumsum(wide)]).astype(np.int64)


def usual_step(steps: NDArray[Any]) -> Any:
    """The most frequent step, the least of those that are as frequent; numbers count as equal to nine digits."""
    rounded = steps if steps.dtype.kind == "m" else np.array([float(f"{step:.9g}") for step in steps])
    values, counts = np.unique(rounded, return_counts=True)
    return values[np.argmax(counts)]


def season_of(times: NDArray[Any], length: int) -> int | None:
    """Rows of a season: of a day where rows are closer than that, of a week of days, of a year of months.

    Args:
        times: of the rows, numbers or ``datetime64``.
        length: rows that are seen.

    Returns:
        None: times have no unit, no such season is a whole number of steps, or the rows that are seen are fewer.
    """
    if times.dtype.kind != "M" or len(times) < 2:
        return None
    step = usual_step(np.diff(times)) / np.timedelta64(1, "D")
    rows = 12.0 if 28 <= step <= 31 else 7.0 if step == 1 else 1 / step if 0 < step < 1 else 0.5
    return round(rows) if abs(rows - round(rows)) < 1e-9 and 1 < rows <= length else None


def _said(value: Any) -> str:
    """A moment or a span as a person reads it: ``2026-01-01 03:00:00``, ``3 hours``."""
    if isinstance(value, np.datetime64):
        return str(value.astype("datetime64[s]") if value == value.astype("datetime64[s]") else value).replace("T", " ")
    if not isinstance(value, np.timedelta64):
        return f"{value:g}"
    span = int(value / np.timedelta64(1, "us"))
    for unit, size in (("day", 86_400_000_000), ("hour", 3_600_000_000), ("minute", 60_000_000), ("second", 1_000_000)):
        if span % size == 0:
            count = span // size
            return f"{count:,} {unit}{'' if count == 1 else 's'}"
    return f"{span:,} microseconds"
