"""The schema of a checkpoint's state: types, ranges, and consistency within it.

A checkpoint may come from a stranger. This model checks what holds for every checkpoint;
:mod:`runner.engine.loop.agreement` checks it against the plan.
"""

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, Strict, ValidationError, model_validator

from runner.errors import CheckpointUnfit
from runner.fields import Count, CountOrNone, Finite, Flag, Metrics, Name, Positive, Real, Seconds, misfit
from runner.record.checkpoint import Checkpoint, path_of

_METRICS_AT_MOST = 1000
Scale = Annotated[float, Strict(), Field(allow_inf_nan=False, gt=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SumsState(_Part):
    """Sums over the current epoch."""

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
    """The position of the run."""

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
    """The state of the plateau rule."""

    scale: Scale
    best: Finite | None
    wait: Count
    cooldown: Count


class BestState(_Part):
    """The best epoch so far; before the first one ``epoch`` is -1 and there is no value."""

    value: Real | None
    epoch: CountOrNone
    step: Count
    metrics: Metrics = Field(default_factory=dict)
    """All metrics of that epoch."""
    monitor: Name | None = None
    """The metric that the value belongs to; None if the checkpoint does not record it."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.value is None:
            if (self.epoch, self.step) != (-1, 0):
                raise ValueError(f"without a value epoch must be -1 and step 0, got {self.epoch} and {self.step}")
        elif self.value != self.value or self.epoch < 0 or self.step < 1:
            raise ValueError("a best value must be a number, with an epoch of at least 0 and a step of at least 1")
        return self


class StoppingState(_Part):
    """The state of early stopping."""

    best: Real | None
    best_epoch: CountOrNone
    wait: Count
    monitor: Name | None = None
    """The metric that was monitored; None if the checkpoint does not record it."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.best is None) != (self.best_epoch < 0):
            raise ValueError("best and best_epoch must both be present, or both absent")
        return self


class CallbacksState(_Part):
    """The state of callbacks of custom code."""

    begun: CountOrNone
    ended: Flag
    states: Annotated[list[JsonValue], Field(max_length=20)]
    """What each gave; None for one that saves nothing."""


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
    callbacks: CallbacksState | None = None

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
                f"position.sums must be empty at the start of an epoch, got {position.sums.examples} examples"
            )
        return self


def state_in(checkpoint: Checkpoint) -> CheckpointState:
    """Parse and check the state of a checkpoint.

    Raises:
        CheckpointUnfit: it is invalid; the message gives the key path of the fault.
    """
    try:
        return CheckpointState.model_validate({"step": checkpoint.step, **checkpoint.state})
    except ValidationError as error:
        name = path_of(Path(), checkpoint.step).name
        raise CheckpointUnfit(f"{name}: invalid state: {misfit(error)}") from error
