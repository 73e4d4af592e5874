"""A learning rate that custom code computes."""

import math
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from schemas.custom import Custom
from schemas.findings import Path
from schemas.schedule.base import CurveBase
from schemas.schedule.facts import Length, Order


class CustomSchedule(CurveBase, Custom):
    """Custom code: a function of the step that returns the learning rate; only with --allow-code.

    ``target(t, **arguments)`` gets the step as an integer from 0, counted from the end of a warm-up. It must be pure:
    the same step always gives the same number, finite and not negative. It is called for every step of the run before
    the run starts, and never while it trains.
    """

    rate_key: ClassVar[str] = "target"
    example: ClassVar[Mapping[str, Any]] = {"target": "mine:rate", "arguments": {"peak": 0.1}}
    refining_phase: ClassVar[str | None] = None
    peaks: ClassVar[bool] = False

    kind: Literal["custom"]
    vectorised: bool = False
    """Whether the function takes a NumPy array of steps, of type int64, and returns an array of the same shape."""

    def lengths(self) -> Iterable[Length]:
        """None: of custom code nothing is known."""
        return ()

    def first_rate(self) -> float:
        """NaN: it is not known before the code runs."""
        return math.nan

    def rise(self) -> Path | None:
        """None: it is not known."""
        return None

    def orders(self) -> Iterable[Order]:
        """None: it has no rates of its own."""
        return ()


BY_KIND: dict[str, type[CurveBase]] = {"custom": CustomSchedule}
