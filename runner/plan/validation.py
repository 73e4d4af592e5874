"""When the validation examples are evaluated, in steps."""

from dataclasses import dataclass

from runner.data.facts import DataFacts
from runner.errors import DataError
from schemas.monitoring import Validation
from schemas.quantities import Duration
from schemas.training import Training

PART = "val_part_"
"""Prefix of figures of a part of the validation examples."""


@dataclass(frozen=True)
class PlannedValidation:
    """Evaluations of a run; the end of the run has one in any case."""

    every: int
    """Steps from one to the next."""
    part: int | None
    """Examples that are evaluated at the end of the other epochs; None: none."""

    def is_due(self, step: int) -> bool:
        """Whether all examples are evaluated after so many steps."""
        return step % self.every == 0

    def steps_left(self, step: int) -> int:
        """Up to the next evaluation."""
        return self.every - step % self.every


def plan_validation(training: Training, data: DataFacts, *, steps: int, steps_per_epoch: int) -> PlannedValidation:
    """The evaluations of a run of ``steps`` steps.

    Raises:
        DataError: a part of the validation examples has more of them than there are.
    """
    wanted = training.validation
    every = wanted.every if wanted is not None else Duration(1, "epochs")
    apart = max(1, round(every.steps(total=steps, per_epoch=steps_per_epoch)))
    return PlannedValidation(apart, None if wanted is None else _part(wanted, data))


def _part(wanted: Validation, data: DataFacts) -> int | None:
    if wanted.between is None:
        return None
    examples = wanted.between.of(data.validation)
    if examples > data.validation:
        raise DataError(
            f"training.validation.between is {wanted.between}, and {data.name!r} has {data.validation:,} of them",
            "write fewer examples, or a share such as 10%",
            path=("training", "validation", "between"),
        )
    return examples
