"""1cycle: one cycle of the learning rate, the momentum moving inversely, and a final drop."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.base import Node
from schemas.quantities import Duration, DurationField, Momentum, Rate, RateOrZero
from schemas.schedule.base import ScheduleBase
from schemas.schedule.ways import CurveShape


class MomentumRange(Node):
    """Momentum of 1cycle: high while the learning rate is low, low at its peak."""

    high: Momentum = 0.95
    """Momentum at the ends of the cycle and in the final phase."""
    low: Momentum = 0.85
    """Momentum at the peak of the learning rate."""


class CycleUp(Node):
    """First half of the cycle."""

    duration: DurationField = Duration(45, "%")
    """How long the learning rate rises."""
    curve: CurveShape = "linear"
    """Shape of the rise."""


class CycleDown(Node):
    """Second half of the cycle."""

    duration: DurationField = Duration(45, "%")
    """How long the learning rate falls back."""
    curve: CurveShape = "linear"
    """Shape of the fall."""


class CycleFinal(Node):
    """The last drop."""

    duration: DurationField = Duration(10, "%")
    """How long the learning rate falls by orders of magnitude."""
    curve: CurveShape = "linear"
    """Shape of the drop."""


class OneCycle(ScheduleBase):
    """η₀ → η₁ → η₀ → final, momentum moving inversely (L. Smith 2018)."""

    rate_key: ClassVar[str] = "max_lr"

    kind: Literal["1cycle"]
    max_lr: Rate
    """η₁, the peak."""
    initial_lr: Rate | None = None
    """η₀; left out, max_lr / 10."""
    final_lr: RateOrZero | None = None
    """Value at the last step; left out, initial_lr / 1000."""
    momentum: MomentumRange | Literal["fixed"] = Field(default_factory=MomentumRange.model_construct)  # type: ignore[assignment]
    """Momentum at the ends and at the peak; ``fixed`` keeps the optimizer's own."""
    up: CycleUp = Field(default_factory=CycleUp.model_construct)
    """First half: linear up to η₁."""
    down: CycleDown = Field(default_factory=CycleDown.model_construct)
    """Second half: back down to η₀."""
    final: CycleFinal = Field(default_factory=CycleFinal.model_construct)
    """Final few epochs: down by orders of magnitude, momentum stays high."""
