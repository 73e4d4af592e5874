"""What the state of a checkpoint looks like: types, ranges, and what must agree within it.

A checkpoint may come from a stranger. This model holds for every one; that it also agrees with a plan is for
:mod:`runner.engine.loop.agreement`, which knows the plan.
"""

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError, model_validator

from runner.errors import CheckpointUnfit
from runner.fields import Count, CountOrNone, Finite, Flag, Metrics, Name, Positive, Real, Seconds, misfit
from runner.record.checkpoint import Checkpoint, path_of

_METRICS_AT_MOST = 1000
Scale = Annotated[float, Strict(), Field(allow_inf_nan=False, gt=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SumsState(_Part):
    """Sums over the epoch that is under way."""

    examples: Count
    loss: Finite
    skipped: Count = 0
    metrics: Annotated[list[Real], Field(max_length=_METRICS_AT_MOST, fail_fast=True)]

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        if not self.examples and (self.loss or self.skipped or any(self.metrics)):
            raise ValueError("sums over no examples must be zero")
        return self


class PositionState(_Part):
    """Where the run stands."""

    epoch: Count
    step: Count
    sums: SumsState
    metrics: Metrics
    skipped: Count = 0
    validated: CountOrNone = -1
    validation: Metrics = Field(default_factory=dict)

    @model_validator(mode="after")
    def _in_the_past(self) -> Self:
        if self.validated > self.step:
            raise ValueError(f"validated must be at most step, {self.step}, got {self.validated}")
        return self


class PlateauPart(_Part):
    """What the plateau rule remembers."""

    scale: Scale
    best: Finite | None
    wait: Count
    cooldown: Count


class BestState(_Part):
    """The best epoch so far; ``epoch`` -1 and no value: none yet."""

    value: Real | None
    epoch: CountOrNone
    step: Count
    metrics: Metrics = Field(default_factory=dict)
    """All figures of that epoch."""
    monitor: Name | None = None
    """What the value is of; None in a checkpoint that does not say."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.value is None:
            if (self.epoch, self.step) != (-1, 0):
                raise ValueError(f"without a value epoch must be -1 and step 0, got {self.epoch} and {self.step}")
        elif self.value != self.value or self.epoch < 0 or self.step < 1:
            raise ValueError("a best value must be a number, of an epoch from 0 and a step from 1 on")
        return self


class StoppingState(_Part):
    """What early stopping remembers."""

    best: Real | None
    best_epoch: CountOrNone
    wait: Count
    monitor: Name | None = None
    """Whose figures were counted; None in a checkpoint that does not say."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.best is None) != (self.best_epoch < 0):
            raise ValueError("best and best_epoch must both be there, or neither")
        return self


class CheckpointState(_Part):
    """The state of a checkpoint."""

    step: Count
    fingerprint: Name
    steps: Positive
    steps_per_epoch: Positive
    position: PositionState
    plateau: PlateauPart
    best: BestState | None
    stopping: StoppingState | None
    over: Flag
    seconds: Seconds = 0.0

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        position = self.position
        if position.step != self.step:
            raise ValueError(f"position.step must be step, {self.step}, got {position.step}")
        if self.step > self.steps:
            raise ValueError(f"step must be at most steps, {self.steps}, got {self.step}")
        epoch, within = divmod(self.step, self.steps_per_epoch)
        if position.epoch != epoch:
            place = f"step {self.step} with a steps_per_epoch of {self.steps_per_epoch}"
            raise ValueError(f"position.epoch must be {epoch} at {place}, got {position.epoch}")
        if position.sums.examples and not within:
            raise ValueError(
                f"position.sums must be empty where an epoch begins, got {position.sums.examples} examples"
            )
        return self


def state_in(checkpoint: Checkpoint) -> CheckpointState:
    """The state of a checkpoint.

    Raises:
        CheckpointUnfit: it is none; the message names what is wrong by key path.
    """
    try:
        return CheckpointState.model_validate({"step": checkpoint.step, **checkpoint.state})
    except ValidationError as error:
        name = path_of(Path(), checkpoint.step).name
        raise CheckpointUnfit(f"{name}: not the state of a run: {misfit(error)}") from error
