"""Amounts of wall-clock time."""

import re
from typing import Annotated, Literal, cast

from schemas.written import Quantity, Written

Clock = Literal["seconds", "minutes", "hours"]

# As in quantities, the models and the JSON Schema read the same pattern; its numbers are 1 or more by their form.
_NUMBER = r"[1-9][0-9]{0,8}(?:\.[0-9]{0,9})?"
_UNIT = r"(?:seconds?|minutes?|hours?)"
_GAP = r"[ \t]*"
_PATTERN = re.compile(rf"({_NUMBER}){_GAP}({_UNIT})")
_SECONDS: dict[Clock, int] = {"seconds": 1, "minutes": 60, "hours": 3600}


class WallTime(Quantity):
    """An amount of wall-clock time, such as ``90 minutes``."""

    def __init__(self, value: float, unit: Clock) -> None:
        self.value = value
        self.unit: Clock = unit

    def __str__(self) -> str:
        return f"{self.value:.15g} {self.unit[:-1] if self.value == 1 else self.unit}"

    @property
    def seconds(self) -> float:
        """The time in seconds.

        >>> parse_wall_time("90 minutes").seconds
        5400.0
        """
        return self.value * _SECONDS[self.unit]


def parse_wall_time(value: object) -> WallTime:
    """Read ``30 seconds``, ``90 minutes`` or ``1.5 hours``.

    Raises:
        ValueError: the unit is missing or unknown, or the number is below one.
    """
    if isinstance(value, WallTime):
        return value
    match = _PATTERN.fullmatch(value.strip(" \t")) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a time is a number of at least 1 with its unit: '30 seconds', '90 minutes' or '1.5 hours'")
    return WallTime(float(match[1]), cast(Clock, match[2].rstrip("s") + "s"))


WallTimeField = Annotated[WallTime, Written(parse_wall_time, rf"^{_GAP}{_NUMBER}{_GAP}{_UNIT}{_GAP}$")]
