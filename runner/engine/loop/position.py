"""Which step a run has reached, and what it has measured of the epoch that is under way."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from runner.engine.step.compiled import StepValues
from runner.measures.perplexity import finished


@dataclass
class EpochSums:
    """Sums over the steps of the current epoch, in float64."""

    examples: int = 0
    loss: float = 0.0
    skipped: int = 0
    """Updates that mixed_float16 left out."""
    metrics: list[float] = field(default_factory=list)

    def add(self, values: StepValues, sizes: Sequence[int]) -> None:
        """Count K steps in, one by one, so that the sums do not depend on how many steps a call made."""
        self.skipped += int(values.skipped.sum())
        for loss, sums, size in zip(values.loss.tolist(), values.metrics.tolist(), sizes, strict=True):
            self.examples += size
            self.loss += loss * size
            self.metrics = [a + b for a, b in zip(self.metrics or [0.0] * len(sums), sums, strict=True)]

    def with_steps(self, values: StepValues, sizes: Sequence[int]) -> "EpochSums":
        """These sums and K steps more; these stay as they are."""
        more = replace(self)
        more.add(values, sizes)
        return more

    def means(self, names: tuple[str, ...]) -> dict[str, float]:
        """``loss`` and each metric of the examples so far, of which they are means, or follow from one."""
        pairs = zip(names, self.metrics, strict=True)
        return {"loss": self.loss / self.examples} | {
            name: finished(name, total / self.examples) for name, total in pairs
        }


@dataclass
class Position:
    """Epoch and step say where a run is; the sums belong to the epoch that is under way."""

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
