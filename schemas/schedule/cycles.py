"""Kinds that come back to a higher learning rate again and again."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.quantities import DurationField, Rate, RateOrZero
from schemas.schedule.base import ScheduleBase


class CosineRestarts(ScheduleBase):
    """Cosine decay that restarts; period i lasts T·t_mulⁱ and starts at η₀·m_mulⁱ."""

    rate_key: ClassVar[str] = "initial_lr"

    kind: Literal["cosine_restarts"]
    initial_lr: Rate
    """η₀."""
    first_period: DurationField
    """T."""
    final_lr: RateOrZero = 0.0
    """Value that each period falls to; reached exactly at the last step of the run if a period ends there."""
    t_mul: Annotated[float, Field(ge=1, le=100)] = 2.0
    """Each period's length over the one before."""
    m_mul: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Each period's first value over the one before."""


class Cyclic(ScheduleBase):
    """A triangle wave between two learning rates (L. Smith 2015)."""

    rate_key: ClassVar[str] = "max_lr"

    kind: Literal["cyclic"]
    min_lr: RateOrZero
    """Value at the feet of the triangles."""
    max_lr: Rate
    """Value at the first peak."""
    half_cycle: DurationField
    """Length of one flank."""
    mode: Literal["triangular", "triangular2", "exp_range"] = "triangular"
    """``triangular2`` halves the height each cycle; ``exp_range`` multiplies it by gamma^t."""
    gamma: Annotated[float, Field(gt=0, le=1)] = 0.99994
    """Factor a step of ``exp_range``."""
