"""Kinds that are a table of phases, or a short way to write one."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from schemas.base import Items, Node
from schemas.findings import Path
from schemas.quantities import Duration, DurationField, Momentum, Rate, RateOrZero
from schemas.schedule.base import CurveBase
from schemas.schedule.facts import Length, MomentumValue, Order, Way
from schemas.schedule.moving import FromTo, MomentumFromTo
from schemas.schedule.ways import CurveShape, Ends, ends
from schemas.tagged import by_tag


class Phase(Node):
    """One row of a phase table."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    """What the progress table calls the phase."""
    duration: DurationField
    """How long it lasts: ``45%``, ``3 epochs`` or ``500 steps``."""
    learning_rate: RateOrZero | FromTo
    """One value for the whole phase, or ``{from, to}``."""
    momentum: Momentum | MomentumFromTo | None = None
    """One value, or ``{from, to}``; by default the optimizer's own momentum."""
    curve: CurveShape = "linear"
    """Shape of the curve from the first value to the last."""
    jump: bool = False
    """Whether the learning rate or the momentum may start at a different value from the end of the previous phase."""
    purpose: Annotated[str, Field(max_length=200)] = ""
    """What the phase is for; shown by ``recipe plan``."""

    @property
    def rate(self) -> Ends:
        """Its first and its last learning rate."""
        return ends(self.learning_rate)


class Piecewise(CurveBase):
    """η(t) = values[k] in the k-th piece; a boundary's step already has the new value."""

    rate_key: ClassVar[str] = "values"
    refining_phase: ClassVar[str | None] = None
    peaks: ClassVar[bool] = False
    example: ClassVar[dict[str, Any]] = {"boundaries": ["5 epochs", "8 epochs"], "values": [0.01, 0.005, 0.001]}

    kind: Literal["piecewise"]
    boundaries: Annotated[Items[DurationField], Field(min_length=1, max_length=1000)]
    """Where the value changes, counted from the start of the schedule."""
    values: Annotated[Items[RateOrZero], Field(min_length=2, max_length=1001)]
    """Learning rates, one more than the number of boundaries."""

    def lengths(self) -> Iterator[Length]:
        """Its boundaries."""
        return (Length(("boundaries", k), duration, "turn") for k, duration in enumerate(self.boundaries))

    def first_rate(self) -> float:
        """The first value."""
        return self.values[0]

    def rise(self) -> Path | None:
        """At the first value that is above the one before."""
        rises = (k for k, (before, after) in enumerate(pairwise(self.values), start=1) if after > before)
        return next((("values", k) for k in rises), None)

    def orders(self) -> Iterable[Order]:
        """None: it may lead either way."""
        return ()


class Wsd(CurveBase):
    """Warm-up, stable, decay: up to ``max_lr``, a plateau, down to ``final_lr``."""

    rate_key: ClassVar[str] = "max_lr"
    refining_phase: ClassVar[str | None] = "decay"
    peaks: ClassVar[bool] = False
    example: ClassVar[dict[str, Any]] = {"max_lr": 0.003, "ramp": "10%", "decay": "30%", "curve": "cosine"}

    kind: Literal["wsd"]
    max_lr: Rate
    """Value of the stable part."""
    ramp: DurationField = Duration(5, "%")
    """Length of the linear rise from ``initial_lr``."""
    initial_lr: RateOrZero = 0.0
    """Value at step 0."""
    decay: DurationField = Duration(20, "%")
    """Length of the decay at the end."""
    final_lr: RateOrZero = 0.0
    """Reached exactly at the last step."""
    curve: CurveShape = "linear"
    """Shape of the decay."""

    def lengths(self) -> Iterator[Length]:
        """Its first and its last part, between which the stable one lies."""
        yield Length(("ramp",), self.ramp, "share")
        yield Length(("decay",), self.decay, "share")

    def first_rate(self) -> float:
        """The ramp's first value."""
        return self.initial_lr

    def rise(self) -> Path | None:
        """On the ramp."""
        return ("initial_lr",) if self.initial_lr < self.max_lr else None

    def ways(self) -> Iterator[Way]:
        """The way down."""
        yield Way(("curve",), self.curve, "decay", Ends(self.max_lr, self.final_lr))

    def orders(self) -> Iterator[Order]:
        """Both ends below the stable rate."""
        yield Order("initial_lr", self.initial_lr, "max_lr", self.max_lr)
        yield Order("final_lr", self.final_lr, "max_lr", self.max_lr)


class Phases(CurveBase):
    """The phase table itself; it must cover the run exactly and be continuous unless a row says ``jump``."""

    rate_key: ClassVar[str] = "phases"
    refining_phase: ClassVar[str | None] = None
    peaks: ClassVar[bool] = False
    example: ClassVar[dict[str, Any]] = {
        "phases": [
            {
                "name": "warm up",
                "duration": "20%",
                "learning_rate": {"from": 0.01, "to": 0.1},
                "momentum": {"from": 0.95, "to": 0.85},
            },
            {
                "name": "explore",
                "duration": "40%",
                "learning_rate": {"from": 0.1, "to": 0.05},
                "momentum": 0.85,
                "purpose": "learns at large rates",
            },
            {
                "name": "anneal",
                "duration": "40%",
                "learning_rate": {"from": 0.05, "to": 0.0001},
                "momentum": {"from": 0.85, "to": 0.95},
                "curve": "cosine",
            },
        ]
    }

    kind: Literal["phases"]
    phases: Annotated[Items[Phase], Field(min_length=1, max_length=1000)]
    """Rows in order."""

    def lengths(self) -> Iterator[Length]:
        """Its rows', which fill the run."""
        return (Length(("phases", k, "duration"), row.duration, "part") for k, row in enumerate(self.phases))

    def first_rate(self) -> float:
        """The first row's."""
        return self.phases[0].rate.first

    def rise(self) -> Path | None:
        """In the first row that rises or starts above the end of the one before."""
        before = self.first_rate()
        for k, row in enumerate(self.phases):
            if row.rate.first > before or row.rate.last > row.rate.first:
                return ("phases", k, "learning_rate")
            before = row.rate.last
        return None

    def orders(self) -> Iterable[Order]:
        """None: it may lead either way."""
        return ()

    def ways(self) -> Iterator[Way]:
        """Learning rates and momenta of its rows."""
        for k, row in enumerate(self.phases):
            yield Way(("phases", k, "curve"), row.curve, f"phase {row.name!r}: learning rate", row.rate)
            if row.momentum is not None:
                yield Way(("phases", k, "curve"), row.curve, f"phase {row.name!r}: momentum", ends(row.momentum))

    def momenta(self) -> Iterator[MomentumValue]:
        """Those of its rows."""
        for k, row in enumerate(self.phases):
            if row.momentum is not None:
                yield MomentumValue(("phases", k, "momentum"), min(ends(row.momentum)))


Table = Piecewise | Wsd | Phases
"""A new table goes here."""
BY_KIND = by_tag(Table)
