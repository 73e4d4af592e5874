"""What is monitored while a recipe trains, and what it decides."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.base import Node
from schemas.later import is_none, is_zero
from schemas.portion import PortionField
from schemas.quantities import Duration, DurationField, MetricName, NonNegative

Mode = Literal["auto", "min", "max"]


class EarlyStopping(Node):
    """Stop when the monitor has not improved for ``patience`` epochs."""

    host_keys: ClassVar[frozenset[str]] = frozenset({"min_delta"})

    monitor: MetricName = "val_loss"
    """The monitored metric. With ``restore_best`` it also determines the best model."""
    mode: Mode = "auto"
    """Whether lower or higher is better."""
    patience: Annotated[int, Field(ge=1, le=10**6)] = 10
    """Epochs without improvement before stopping; for a ``val_`` monitor, only epochs that compute it count."""
    min_delta: NonNegative = 0.0
    """Smallest change that counts as an improvement, with ``restore_best`` also for the best model."""
    restore_best: bool = True
    """Whether the final model is the best one rather than the last; all final metrics are then of the best epoch."""
    baseline: float | None = Field(default=None, exclude_if=is_none)
    """Value that the monitor must beat: until then, improvements do not reset the patience. By default there is
    none."""
    start_from_epoch: Annotated[int, Field(ge=0, le=10**6)] = Field(default=0, exclude_if=is_zero)
    """Number of epochs at the start in which the monitor is ignored."""


class Validation(Node):
    """When to evaluate the validation examples. All of them are always evaluated at the end of the run."""

    every: DurationField = Duration(1, "epochs")
    """Interval between evaluations: ``2 epochs``, ``500 steps`` or ``10%`` of the run. Anything that monitors a
    ``val_`` metric acts, and counts, only when there is a new value."""
    between: PortionField | None = None
    """Part of the validation examples to evaluate at the end of the other epochs: ``10%`` or ``500 examples``, drawn
    once with the seed. Its metrics are named ``val_part_…`` and cannot be monitored. By default there is none."""
