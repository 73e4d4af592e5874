"""Numbers of dates."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.statistics.numeric import Numbers
from schemas.table_data import CyclicPart, DatePart

CYCLES: Mapping[CyclicPart, tuple[float, float]] = {
    "month": (1, 12),
    "day": (1, 31),
    "weekday": (1, 7),
    "yearday": (1, 365.25),
    "hour": (0, 24),
    "minute": (0, 60),
}
"""First value and period of parts that begin again."""


def part_of(moments: NDArray[Any], part: DatePart) -> Numbers:
    """A part of each moment as float64, NaN where there is none.

    Args:
        moments: ``datetime64``, NaT where a date is missing.
        part: which.
    """
    absent = np.isnat(moments)
    found = _OF[part](np.where(absent, np.datetime64(0, "D"), moments)).astype(np.float64)
    found[absent] = np.nan
    return found


def _days(moments: NDArray[Any]) -> NDArray[np.int64]:
    return moments.astype("M8[D]").astype(np.int64)


def _years(moments: NDArray[Any]) -> NDArray[np.int64]:
    return moments.astype("M8[Y]").astype(np.int64) + 1970


def _since(moments: NDArray[Any], unit: str) -> NDArray[np.int64]:
    """Whole days since the first day of the month or year."""
    return _days(moments) - _days(moments.astype(f"M8[{unit}]"))


def _minutes(moments: NDArray[Any]) -> NDArray[np.int64]:
    return moments.astype("M8[m]").astype(np.int64)


_OF: Mapping[DatePart, Callable[[NDArray[Any]], NDArray[np.int64]]] = {
    "year": _years,
    "month": lambda moments: moments.astype("M8[M]").astype(np.int64) % 12 + 1,
    "day": lambda moments: _since(moments, "M") + 1,
    "weekday": lambda moments: (_days(moments) + 3) % 7 + 1,
    "yearday": lambda moments: _since(moments, "Y") + 1,
    "hour": lambda moments: _minutes(moments) // 60 % 24,
    "minute": lambda moments: _minutes(moments) % 60,
    "days": _days,
}
