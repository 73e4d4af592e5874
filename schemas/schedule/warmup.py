"""The ramp before a schedule."""

from pydantic import Field

from schemas.base import Node
from schemas.later import is_zero
from schemas.quantities import DurationField, RateOrZero
from schemas.schedule.ways import CurveShape


class Warmup(Node):
    """A ramp at the start. The schedule's own curve starts at its t = 0 behind it, or with it where they overlap."""

    duration: DurationField
    """How long the ramp lasts."""
    from_: RateOrZero = Field(default=0.0, alias="from")
    """Learning rate at step 0."""
    curve: CurveShape = "linear"
    """Shape of the ramp; ``exponential`` needs a ``from`` above zero."""
    overlap: bool = Field(default=False, exclude_if=is_zero)
    """Whether the schedule's clock starts at step 0: the ramp replaces its first steps and leads to the schedule's
    value at the end of the ramp, and the schedule's durations refer to the whole run."""
