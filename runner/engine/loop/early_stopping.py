"""When a run ends because its monitor no longer improves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runner.plan.monitor import Monitor, monitor
from schemas.monitoring import EarlyStopping


@dataclass
class EarlyStoppingState:
    """Early stopping, as Keras': counts values of the monitor without improvement."""

    monitor: Monitor
    patience: int
    min_delta: float
    baseline: float | None = None
    """Until a value beats it, improvements do not reset the count."""
    start: int = 0
    """Epochs at the beginning that are not looked at."""
    best: float | None = None
    best_epoch: int = -1
    wait: int = 0

    def update(self, value: float, epoch: int) -> bool:
        """Count a value; True when the run should end."""
        if epoch < self.start:
            return False
        self.wait += 1
        if self.monitor.improved(value, self.best, self.min_delta):
            self.best, self.best_epoch = value, epoch
            if self.baseline is None or self.monitor.improved(value, self.baseline, self.min_delta):
                self.wait = 0
            return False
        return self.wait >= self.patience and epoch > 0

    def state_dict(self) -> dict[str, Any]:
        """What it remembers, as plain values."""
        counted = {"best": self.best, "best_epoch": self.best_epoch, "wait": self.wait}
        return {**counted, "monitor": self.monitor.name}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave; counts by another monitor say nothing of this one."""
        if state.get("monitor") in (None, self.monitor.name):
            self.best, self.best_epoch, self.wait = state["best"], state["best_epoch"], state["wait"]


def stopping_of(wanted: EarlyStopping | None) -> EarlyStoppingState | None:
    """Early stopping before the first epoch; None where the recipe has none."""
    if wanted is None:
        return None
    watched = monitor(wanted.monitor, wanted.mode)
    return EarlyStoppingState(watched, wanted.patience, wanted.min_delta, wanted.baseline, wanted.start_from_epoch)
