"""The result of a run, gathered from its events: the object that ``--json`` prints."""

from collections.abc import Mapping
from typing import Any

from runner.events import DeviceChosen, Event, ExpectationChecked, FallbackUsed, RunEnded, RunStarted, Warned


class SummarySink:
    """Gathers the result of a run; epochs count from 1, as on the screen.

    Args:
        bounds: the recipe's expectations by metric; untested until the run reports a value.
    """

    def __init__(self, bounds: Mapping[str, str] | None = None) -> None:
        self.values: dict[str, Any] = {"status": "failed"}
        self.warnings: list[str] = []
        self._expectations = {metric: _expectation(metric, bound) for metric, bound in (bounds or {}).items()}

    def __call__(self, event: Event) -> None:
        """Add the event's part of the result."""
        match event:
            case RunStarted():
                self.values |= {"run_dir": event.run_dir, "fingerprint": event.fingerprint, "steps": 0}
            case DeviceChosen():
                self.values["device"] = event.device
            case FallbackUsed():
                self.values["fallback"] = {"wanted": event.wanted, "used": event.used, "reason": event.reason}
            case Warned():
                self.warnings.append(event.message)
            case ExpectationChecked():
                self._expectations[event.metric] = expectation(event)
            case RunEnded():
                self.values |= _ended(event)
            case _:
                pass

    def result(self) -> dict[str, Any]:
        """The result as a JSON-compatible object."""
        return {**self.values, "expectations": [*self._expectations.values()], "warnings": self.warnings}


def expectation(event: ExpectationChecked) -> dict[str, Any]:
    """An expectation with what became of it."""
    return _expectation(event.metric, event.expectation, event.value, event.met)


def _expectation(metric: str, bound: str, value: float | None = None, met: bool | None = None) -> dict[str, Any]:
    return {"metric": metric, "bound": bound, "value": value, "met": met}


def _ended(event: RunEnded) -> dict[str, Any]:
    best = {**event.best, "epoch": int(event.best["epoch"]) + 1} if event.best is not None else None
    return {
        "status": event.status,
        "message": event.message,
        "steps": event.steps,
        "seconds": {"total": event.seconds_total, "training": event.seconds_training},
        "metrics": event.metrics,
        "best": best,
        **({"threshold": event.threshold} if event.threshold is not None else {}),
        **({"threshold_by": event.threshold_by} if event.threshold_by is not None else {}),
        **({"baseline": event.baseline} if event.baseline is not None else {}),
        **({"naive_forecasts": event.naive_forecasts} if event.naive_forecasts is not None else {}),
        "checkpoint": event.checkpoint,
    }
