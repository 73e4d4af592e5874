"""Where a run stands, beyond the variables of model and optimizer. Everything here goes into checkpoints."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from runner.engine.step.compiled import StepValues
from runner.plan.monitor import Monitor, monitor
from schemas.training import EarlyStopping

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

    def to_dict(self) -> dict[str, Any]:
        """Everything but the weights, as plain values."""
        told = {"value": self.value, "epoch": self.epoch, "step": self.step, "metrics": self.metrics}
        return {**told, "monitor": self.monitor.name}

    def restore(self, state: Mapping[str, Any], weights: Weights | None) -> None:
        """Take over what :meth:`to_dict` gave, and the weights; the best by another monitor is none by this one."""
        if state.get("monitor") in (None, self.monitor.name):
            self.value, self.epoch, self.step, self.weights = state["value"], state["epoch"], state["step"], weights
            self.metrics = dict(state.get("metrics", {}))


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

    def to_dict(self) -> dict[str, Any]:
        """What it remembers, as plain values."""
        told = {"best": self.best, "best_epoch": self.best_epoch, "wait": self.wait}
        return {**told, "monitor": self.monitor.name}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`to_dict` gave; what was counted by another monitor says nothing of this one."""
        if state.get("monitor") in (None, self.monitor.name):
            self.best, self.best_epoch, self.wait = state["best"], state["best_epoch"], state["wait"]


def best_of(chosen_by: Monitor, wanted: EarlyStopping | None) -> Best:
    """Nothing yet; where early stopping restores the best model, what counts as better is what counts for it."""
    if wanted is None or not wanted.restore_best:
        return Best(chosen_by)
    return Best(chosen_by, wanted.min_delta, wanted.start_from_epoch)


def stopping_of(wanted: EarlyStopping | None) -> EarlyStoppingState | None:
    """Early stopping before the first epoch; None where the recipe has none."""
    if wanted is None:
        return None
    watched = monitor(wanted.monitor, wanted.mode)
    return EarlyStoppingState(watched, wanted.patience, wanted.min_delta, wanted.baseline, wanted.start_from_epoch)


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
    validated: int = -1
    """Steps done when all validation examples were last evaluated; -1: never."""
    validation: dict[str, float] = field(default_factory=dict)
    """What came of it."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> "Position":
        """What :meth:`to_dict` gave."""
        sums = EpochSums(**state["sums"])
        return cls(
            state["epoch"],
            state["step"],
            sums,
            dict(state["metrics"]),
            state.get("skipped", 0),
            state.get("validated", -1),
            dict(state.get("validation", {})),
        )
