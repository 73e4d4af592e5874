"""What any kind of schedule may add: a warm-up, momentum, and weight decay."""

from typing import ClassVar

from pydantic import Field

from schemas.base import Node
from schemas.quantities import DurationField, Momentum, NonNegative, RateOrZero
from schemas.schedule.momentum import MomentumPhases
from schemas.schedule.ways import CurveShape
from schemas.schedule.weight_decay import WeightDecayPhases


class Warmup(Node):
    """A ramp before the schedule; the schedule's own curve then starts at its t = 0."""

    duration: DurationField
    """How long the ramp lasts."""
    from_: RateOrZero = Field(default=0.0, alias="from")
    """Learning rate at step 0."""
    curve: CurveShape = "linear"
    """Shape of the ramp; ``exponential`` needs a ``from`` above zero."""


class ScheduleBase(Node):
    """What any kind of schedule may add."""

    rate_key: ClassVar[str] = ""
    """Key that sets how large the learning rate gets; each kind names its own. A plateau has it on its base."""
    has_one_rate: ClassVar[bool] = True
    """Whether one number stands under ``rate_key``; tables have several."""

    warmup: Warmup | None = None
    """A ramp up to the schedule's first value, before it."""
    momentum: Momentum | MomentumPhases | None = None
    """Momentum (beta_1 of the Adam family) over the run; left out, the optimizer's own stays."""
    weight_decay: NonNegative | WeightDecayPhases | None = None
    """Weight decay over the run (of muon: that of the matrices); left out, the optimizer's own stays."""
