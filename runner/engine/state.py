"""Where a run stands, beyond the variables of model and optimizer. Everything here goes into checkpoints."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from runner.engine.steps import StepValues
from runner.plan.monitor import Monitor

Weights = list[Any]


@dataclass
class EpochSums:
    """Sums over the steps of the current epoch, in float64."""

    examples: int = 0
    loss: float = 0.0
    skipped: int = 0
    """Updates that mixed_float16 left out."""
    metrics: list[float] = field(default_factory=list)

    def add(self, values: StepValues, sizes: Any) -> None:
        """Count K steps in, one by one, so that the sums do not depend on how many steps a call made."""
        self.skipped += int(values.skipped.sum())
        for loss, sums, size in zip(values.loss.tolist(), values.metrics.tolist(), sizes.tolist(), strict=True):
            self.examples += size
            self.loss += loss * size
            self.metrics = [a + b for a, b in zip(self.metrics or [0.0] * len(sums), sums, strict=True)]

    def with_steps(self, values: StepValues, sizes: Any) -> "EpochSums":
        """These sums and K steps more; these stay as they are."""
        more = replace(self)
        more.add(values, sizes)
        return more

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

    def to_dict(self) -> dict[str, Any]:
        """Everything but the weights, as plain values."""
        return {"value": self.value, "epoch": self.epoch, "step": self.step}

    def restore(self, state: Mapping[str, Any], weights: Weights | None) -> None:
        """Take over what :meth:`to_dict` gave, and the weights."""
        self.value, self.epoch, self.step, self.weights = state["value"], state["epoch"], state["step"], weights


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

    def to_dict(self) -> dict[str, Any]:
        """What it remembers, as plain values."""
        return {"best": self.best, "best_epoch": self.best_epoch, "wait": self.wait}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`to_dict` gave."""
        self.best, self.best_epoch, self.wait = state["best"], state["best_epoch"], state["wait"]


@dataclass
class Position:
    """Two numbers say where a run stands; the sums belong to the epoch that is under way."""

    epoch: int = 0
    step: int = 0
    """Optimizer steps done."""
    sums: EpochSums = field(default_factory=EpochSums)
    metrics: dict[str, float] = field(default_factory=dict)
    """Of the last epoch that was evaluated."""
    skipped: int = 0
    """Updates of all whole epochs that mixed_float16 left out."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> "Position":
        """What :meth:`to_dict` gave."""
        sums = EpochSums(**state["sums"])
        return cls(state["epoch"], state["step"], sums, dict(state["metrics"]), state.get("skipped", 0))
