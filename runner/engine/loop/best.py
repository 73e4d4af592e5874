"""The best model of a run so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runner.plan.monitor import Monitor
from schemas.monitoring import EarlyStopping

Weights = list[Any]


@dataclass
class Best:
    """The best epoch so far, its weights and its figures."""

    monitor: Monitor
    min_delta: float = 0.0
    """Least change that makes another one the best."""
    start: int = 0
    """Epochs at the beginning of which none is the best."""
    value: float | None = None
    epoch: int = -1
    step: int = 0
    """Steps done when it was best."""
    metrics: dict[str, float] = field(default_factory=dict)
    """All figures that were computed with it."""
    weights: Weights | None = None

    def update(self, metrics: Mapping[str, float], epoch: int, step: int, model: Any) -> bool:
        """Keep the weights if the monitor is among ``metrics`` and better than any before."""
        value = metrics.get(self.monitor.name)
        if value is None or epoch < self.start or not self.monitor.improved(value, self.value, self.min_delta):
            return False
        self.value, self.epoch, self.step, self.weights = value, epoch, step, model.get_weights()
        self.metrics = dict(metrics)
        return True

    def state_dict(self) -> dict[str, Any]:
        """Everything but the weights, as plain values."""
        figures = {"value": self.value, "epoch": self.epoch, "step": self.step, "metrics": self.metrics}
        return {**figures, "monitor": self.monitor.name}

    def load_state_dict(self, state: Mapping[str, Any], weights: Weights | None) -> None:
        """Take over what :meth:`state_dict` gave, and the weights; the best by another monitor is none by this one."""
        if state.get("monitor") in (None, self.monitor.name):
            self.value, self.epoch, self.step, self.weights = state["value"], state["epoch"], state["step"], weights
            self.metrics = dict(state.get("metrics", {}))


def best_of(chosen_by: Monitor, wanted: EarlyStopping | None) -> Best:
    """No best model yet; where early stopping restores it, early stopping's rule says what is better."""
    if wanted is None or not wanted.restore_best:
        return Best(chosen_by)
    return Best(chosen_by, wanted.min_delta, wanted.start_from_epoch)
