"""Kinds that are a table of phases, or a short way to write one."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.base import Items, Node
from schemas.quantities import Duration, DurationField, Momentum, Rate, RateOrZero
from schemas.schedule.base import ScheduleBase
from schemas.schedule.ways import CurveShape, FromTo, MomentumFromTo


class Phase(Node):
    """One row of a phase table."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    """What the progress table calls the phase."""
    duration: DurationField
    """How long it lasts: ``45%``, ``3 epochs`` or ``500 steps``."""
    learning_rate: RateOrZero | FromTo
    """One value for the whole phase, or ``{from, to}``."""
    momentum: Momentum | MomentumFromTo | None = None
    """One value, or ``{from, to}``; left out, the optimizer's own momentum stays."""
    curve: CurveShape = "linear"
    """Shape of the way from the first value to the last."""
    jump: bool = False
    """Whether the learning rate or the momentum may start elsewhere than the phase before ended."""
    purpose: Annotated[str, Field(max_length=200)] = ""
    """What the phase is for; shown by ``recipe plan``."""


class Piecewise(ScheduleBase):
    """η(t) = values[k] in the k-th piece; a boundary's step already has the new value."""

    rate_key: ClassVar[str] = "values"
    has_one_rate: ClassVar[bool] = False

    kind: Literal["piecewise"]
    boundaries: Annotated[Items[DurationField], Field(min_length=1, max_length=1000)]
    """Where one value gives way to the next, counted from the start of the schedule."""
    values: Annotated[Items[RateOrZero], Field(min_length=2, max_length=1001)]
    """Learning rates, one more than there are boundaries."""


class Wsd(ScheduleBase):
    """Warm-up, stable, decay: up to ``max_lr``, a plateau, down to ``final_lr``."""

    rate_key: ClassVar[str] = "max_lr"

    kind: Literal["wsd"]
    max_lr: Rate
    """Value of the stable part."""
    ramp: DurationField = Duration(5, "%")
    """Length of the linear way up from ``initial_lr``."""
    initial_lr: RateOrZero = 0.0
    """Value at step 0."""
    decay: DurationField = Duration(20, "%")
    """Length of the way down at the end."""
    final_lr: RateOrZero = 0.0
    """Reached exactly at the last step."""
    curve: CurveShape = "linear"
    """Shape of the way down."""


class Phases(ScheduleBase):
    """The phase table itself; it must cover the run exactly and be continuous unless a row says ``jump``."""

    rate_key: ClassVar[str] = "phases"
    has_one_rate: ClassVar[bool] = False

    kind: Literal["phases"]
    phases: Annotated[Items[Phase], Field(min_length=1, max_length=1000)]
    """Rows in order."""
