"""What a run watches: names of monitors and which direction is better."""

from dataclasses import dataclass
from typing import Literal

from schemas.metrics import LESS_IS_BETTER


@dataclass(frozen=True)
class Monitor:
    """A metric of an epoch and the direction in which it improves."""

    name: str
    mode: Literal["min", "max"]

    def improved(self, value: float, best: float | None, min_delta: float = 0.0) -> bool:
        """Whether ``value`` is better than ``best`` by more than ``min_delta``; a NaN never is."""
        if best is None:
            return value == value
        return value < best - min_delta if self.mode == "min" else value > best + min_delta


def monitor(name: str, mode: Literal["auto", "min", "max"] = "auto") -> Monitor:
    """A monitor by name; ``auto`` takes less for better where the name speaks of a loss or an error."""
    if mode != "auto":
        return Monitor(name, mode)
    return Monitor(name, "min" if name.endswith(LESS_IS_BETTER) else "max")
