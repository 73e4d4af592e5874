"""Kinds that one formula describes from the first step to the last."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.quantities import DurationField, Positive, Rate, RateOrZero
from schemas.schedule.base import ScheduleBase


class Constant(ScheduleBase):
    """η(t) = η₀."""

    rate_key: ClassVar[str] = "learning_rate"

    kind: Literal["constant"]
    learning_rate: Rate
    """η₀."""


class Stairs(ScheduleBase):
    """A decay by t/s, which may go down in stairs."""

    staircase: bool = False
    """Whether t/s is rounded down to a whole number, as Keras does: η changes every s steps."""
    every: DurationField | None = None
    """How often η changes, such as ``1 epoch``: t is rounded down to so many steps, counted from the start of the run.
    Left out, at every step, or by ``staircase``."""


class Power(Stairs):
    """η(t) = η₀ / (1 + t/s)^c."""

    rate_key: ClassVar[str] = "initial_lr"

    kind: Literal["power"]
    initial_lr: Rate
    """η₀."""
    decay_every: DurationField
    """s: after s steps η is η₀/2^c."""
    power: Positive = 1.0
    """c; Keras' InverseTimeDecay has only c = 1."""


class Exponential(Stairs):
    """η(t) = η₀ · r^(t/s)."""

    rate_key: ClassVar[str] = "initial_lr"

    kind: Literal["exponential"]
    initial_lr: Rate
    """η₀."""
    decay_every: DurationField
    """s: after every s steps η has been multiplied by r."""
    decay_rate: Annotated[float, Field(gt=0, le=1)] = 0.1
    """r."""


class Linear(ScheduleBase):
    """η(t) = η₀ + (η₁ − η₀) · t/(N−1)."""

    rate_key: ClassVar[str] = "initial_lr"

    kind: Literal["linear"]
    initial_lr: Rate
    """η₀."""
    final_lr: RateOrZero = 0.0
    """η₁, reached exactly at the last step."""


class Polynomial(ScheduleBase):
    """η(t) = η₁ + (η₀ − η₁) · (1 − t/(N−1))^p."""

    rate_key: ClassVar[str] = "initial_lr"

    kind: Literal["polynomial"]
    initial_lr: Rate
    """η₀."""
    final_lr: RateOrZero = 0.0
    """η₁, reached exactly at the last step."""
    power: Positive = 2.0
    """p."""


class InverseSqrt(Stairs):
    """η(t) = η₀ / √(1 + t/s)."""

    rate_key: ClassVar[str] = "initial_lr"

    kind: Literal["inverse_sqrt"]
    initial_lr: Rate
    """η₀."""
    decay_every: DurationField
    """s: the time scale; after 3s steps η is half of η₀."""


class Cosine(ScheduleBase):
    """η(t) = η₁ + (η₀ − η₁) · (1 + cos(π t/(N−1))) / 2."""

    rate_key: ClassVar[str] = "initial_lr"

    kind: Literal["cosine"]
    initial_lr: Rate
    """η₀."""
    final_lr: RateOrZero = 0.0
    """η₁, reached exactly at the last step."""
