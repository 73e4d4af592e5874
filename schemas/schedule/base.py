"""What any kind of schedule may add: a warm-up, momentum, and weight decay."""

from typing import ClassVar

from pydantic import Field

from schemas.base import Node
from schemas.quantities import DurationField, Momentum, NonNegative, RateOrZero
from schemas.schedule.momentum import MomentumPhases
from schemas.schedule.ways import CurveShape
from schemas.schedule.weight_decay import WeightDecayPhases


class Warmup(Node):
    """A ramp at the start. The schedule's own curve starts at its t = 0 behind it, or with it where they overlap."""

    duration: DurationField
    """How long the ramp lasts."""
    from_: RateOrZero = Field(default=0.0, alias="from")
    """Learning rate at step 0."""
    curve: CurveShape = "linear"
    """Shape of the ramp; ``exponential`` needs a ``from`` above zero."""
    overlap: bool = False
    """Whether the schedule's clock starts at step 0 already: the ramp stands in place of its first steps, leads to the
    value that the schedule has where the ramp ends, and the schedule's durations are measured against the whole run."""


class ScheduleBase(Node):
    """What any kind of schedule may add."""

    rate_key: ClassVar[str] = ""
    """Key that sets how large the learning rate gets; each kind names its own. A plateau has it on its base."""
    has_one_rate: ClassVar[bool] = True
    """Whether one number stands under ``rate_key``; tables have several."""

    warmup: Warmup | None = None
    """A ramp up to the schedule, before it or in place of its first steps."""
    momentum: Momentum | MomentumPhases | None = None
    """Momentum (beta_1 of the Adam family) over the run; left out, the optimizer's own stays."""
    weight_decay: NonNegative | WeightDecayPhases | None = None
    """Weight decay over the run (of muon: that of the matrices); left out, the optimizer's own stays."""
