"""Kinds that come back to a higher learning rate again and again."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from schemas.findings import Path
from schemas.quantities import DurationField, Rate, RateOrZero
from schemas.schedule.base import CurveBase
from schemas.schedule.facts import Length, Order
from schemas.schedule.formulas import Falling
from schemas.tagged import by_tag


class CosineRestarts(Falling):
    """Cosine decay that restarts; period i lasts T·t_mulⁱ and starts at η₀·m_mulⁱ."""

    example: ClassVar[dict[str, Any]] = {"initial_lr": 0.1, "first_period": "2 epochs", "t_mul": 1.5, "m_mul": 0.7}
    host_keys: ClassVar[frozenset[str]] = frozenset({"t_mul", "m_mul"})

    kind: Literal["cosine_restarts"]
    initial_lr: Rate
    """η₀."""
    first_period: DurationField
    """T."""
    final_lr: RateOrZero = 0.0
    """Value that each period falls to; reached exactly at the last step of the run if a period ends there."""
    t_mul: Annotated[float, Field(ge=1, le=100)] = 2.0
    """Length of each period relative to the previous one."""
    m_mul: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Initial value of each period relative to the previous one."""

    def lengths(self) -> Iterator[Length]:
        """The first period."""
        yield Length(("first_period",), self.first_period, "turn")

    def rise(self) -> Path:
        """At each restart."""
        return ("kind",)


class Cyclic(CurveBase):
    """A triangle wave between two learning rates (L. Smith 2015)."""

    rate_key: ClassVar[str] = "max_lr"
    refining_phase: ClassVar[str | None] = None
    peaks: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {
        "min_lr": 0.001,
        "max_lr": 0.01,
        "half_cycle": "1 epoch",
        "mode": "triangular2",
    }
    host_keys: ClassVar[frozenset[str]] = frozenset({"gamma"})

    kind: Literal["cyclic"]
    min_lr: RateOrZero
    """Value at the bottom of the triangles."""
    max_lr: Rate
    """Value at the first peak."""
    half_cycle: DurationField
    """Length of one side of a triangle."""
    mode: Literal["triangular", "triangular2", "exp_range"] = "triangular"
    """``triangular2`` halves the height each cycle; ``exp_range`` multiplies it by gamma^t."""
    gamma: Annotated[float, Field(gt=0, le=1)] = 0.99994
    """Factor per step for ``exp_range``."""

    def lengths(self) -> Iterator[Length]:
        """One flank."""
        yield Length(("half_cycle",), self.half_cycle, "turn")

    def first_rate(self) -> float:
        """The foot of the first triangle."""
        return self.min_lr

    def rise(self) -> Path:
        """On each first flank."""
        return ("kind",)

    def orders(self) -> Iterator[Order]:
        """Feet below peaks."""
        yield Order("min_lr", self.min_lr, "max_lr", self.max_lr)


Cycle = CosineRestarts | Cyclic
"""A new cycle of the learning rate alone goes here."""
BY_KIND = by_tag(Cycle)
