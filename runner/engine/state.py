"""Where a run stands, beyond the variables of model and optimizer."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from runner.engine.steps import StepValues
from runner.plan.monitor import Monitor

Weights = list[Any]


@dataclass
class EpochSums:
    """Sums over the steps of the current epoch, in float64."""

    examples: int = 0
    loss: float = 0.0
    metrics: list[float] = field(default_factory=list)

    def add(self, values: StepValues, sizes: Any) -> None:
        """Count K steps in; a batch's loss weighs by its size."""
        sums = values.metrics.astype(np.float64).sum(axis=0)
        self.examples += int(sizes.sum())
        self.loss += float(values.loss.astype(np.float64) @ sizes)
        self.metrics = [a + float(b) for a, b in zip(self.metrics or [0.0] * len(sums), sums, strict=True)]

    def means(self, names: tuple[str, ...]) -> dict[str, float]:
        """``loss`` and each metric as means over the examples so far."""
        values = {"loss": self.loss / self.examples}
        return values | {name: total / self.examples for name, total in zip(names, self.metrics, strict=True)}


@dataclass
class Best:
    """The best epoch so far, and its weights."""

    monitor: Monitor
    value: float | None = None
    epoch: int = -1
    step: int = 0
    """Steps done when it was best."""
    weights: Weights | None = None

    def update(self, value: float, epoch: int, step: int, model: Any) -> bool:
        """Keep the weights if ``value`` is better than any before."""
        if not self.monitor.improved(value, self.value):
            return False
        self.value, self.epoch, self.step, self.weights = value, epoch, step, model.get_weights()
        return True


@dataclass
class Stopping:
    """Early stopping: counts epochs without improvement."""

    monitor: Monitor
    patience: int
    min_delta: float
    best: float | None = None
    best_epoch: int = -1
    wait: int = 0

    def update(self, value: float, epoch: int) -> bool:
        """Count an epoch; True when the run should end."""
        if self.monitor.improved(value, self.best, self.min_delta):
            self.best, self.best_epoch, self.wait = value, epoch, 0
            return False
        self.wait += 1
        return self.wait >= self.patience
