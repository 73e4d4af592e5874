"""1cycle: one cycle of the learning rate, the momentum moving inversely, and a final drop."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from schemas.base import Node, defaults_of
from schemas.findings import Path
from schemas.quantities import Duration, DurationField, Momentum, Rate, RateOrZero
from schemas.schedule.base import CurveBase
from schemas.schedule.facts import Length, MomentumValue, Order, Way
from schemas.schedule.ways import CurveShape, Ends
from schemas.tagged import by_tag


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


class CyclePart(NamedTuple):
    """One of the three phases: its key, what the recipe says of it, and what moves in it."""

    key: str
    written: CycleUp | CycleDown | CycleFinal
    rate: Ends
    momentum: Ends | None
    """None where the momentum is fixed."""


class OneCycle(CurveBase):
    """η₀ → η₁ → η₀ → final, momentum moving inversely (L. Smith 2018)."""

    rate_key: ClassVar[str] = "max_lr"
    peaks: ClassVar[bool] = True
    refining_phase: ClassVar[str | None] = "final drop"
    example: ClassVar[dict[str, Any]] = {"max_lr": 0.1, "momentum": {"high": 0.95, "low": 0.85}}

    kind: Literal["1cycle"]
    max_lr: Rate
    """η₁, the peak."""
    initial_lr: Rate | None = None
    """η₀; by default max_lr / 10."""
    final_lr: RateOrZero | None = None
    """Value at the last step; by default initial_lr / 1000."""
    momentum: MomentumRange | Literal["fixed"] = Field(default_factory=defaults_of(MomentumRange))  # type: ignore[assignment]
    """Momentum at the ends and at the peak; ``fixed`` keeps the optimizer's own."""
    up: CycleUp = Field(default_factory=defaults_of(CycleUp))
    """First half: linear up to η₁."""
    down: CycleDown = Field(default_factory=defaults_of(CycleDown))
    """Second half: back down to η₀."""
    final: CycleFinal = Field(default_factory=defaults_of(CycleFinal))
    """Final few epochs: down by orders of magnitude, momentum stays high."""

    @property
    def rates(self) -> tuple[float, float, float]:
        """η₀, η₁ and the final rate, with their defaults."""
        initial = self.max_lr / 10 if self.initial_lr is None else self.initial_lr
        return initial, self.max_lr, initial / 1000 if self.final_lr is None else self.final_lr

    @property
    def parts(self) -> tuple[CyclePart, CyclePart, CyclePart]:
        """The three phases in order."""
        initial, peak, last = self.rates
        cycle = self.momentum if isinstance(self.momentum, MomentumRange) else None
        up = None if cycle is None else Ends(cycle.high, cycle.low)
        down = None if cycle is None else Ends(cycle.low, cycle.high)
        held = None if cycle is None else Ends(cycle.high, cycle.high)
        return (
            CyclePart("up", self.up, Ends(initial, peak), up),
            CyclePart("down", self.down, Ends(peak, initial), down),
            CyclePart("final", self.final, Ends(initial, last), held),
        )

    def lengths(self) -> Iterator[Length]:
        """Its three phases, which fill the run."""
        return (Length((part.key, "duration"), part.written.duration, "part") for part in self.parts)

    def first_rate(self) -> float:
        """η₀."""
        return self.rates[0]

    def rise(self) -> Path | None:
        """In the first half."""
        initial, peak, _ = self.rates
        return ("kind",) if initial < peak else None

    def ways(self) -> Iterator[Way]:
        """Learning rates and momenta of the three phases."""
        for part in self.parts:
            yield Way((part.key, "curve"), part.written.curve, f"{part.key}: learning rate", part.rate)
        for part in self.parts:
            if part.momentum is not None:
                yield Way((part.key, "curve"), part.written.curve, f"{part.key}: momentum", part.momentum)

    def orders(self) -> Iterator[Order]:
        """Final below initial below peak."""
        initial, peak, final = self.rates
        yield Order("initial_lr", initial, "max_lr", peak)
        yield Order("final_lr", final, "initial_lr", initial)

    def momenta(self) -> Iterator[MomentumValue]:
        """The two of the cycle."""
        if isinstance(self.momentum, MomentumRange):
            yield MomentumValue(("momentum", "high"), self.momentum.high)
            yield MomentumValue(("momentum", "low"), self.momentum.low)


BY_KIND = by_tag(OneCycle)
