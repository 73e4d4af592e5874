"""What any kind of schedule may add, and what each kind says of itself."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from schemas.base import Node
from schemas.deferred import deferred
from schemas.findings import Path
from schemas.quantities import Momentum, NonNegative
from schemas.schedule.facts import Length, MomentumValue, Order, Way

if TYPE_CHECKING:
    from schemas.schedule.momentum import MomentumPhases
    from schemas.schedule.warmup import Warmup
    from schemas.schedule.weight_decay import WeightDecayPhases
else:
    MomentumPhases = deferred("schemas.schedule.momentum:MomentumPhases")
    Warmup = deferred("schemas.schedule.warmup:Warmup")
    WeightDecayPhases = deferred("schemas.schedule.weight_decay:WeightDecayPhases")


class ScheduleBase(Node):
    """What any kind of schedule may add."""

    rate_key: ClassVar[str]
    """Key that sets how large the learning rate gets. A plateau may have it on its base."""
    example: ClassVar[Mapping[str, Any]]
    """Keys beside ``kind`` of an example for ``recipe explain``, which shows it over ten epochs."""

    kind: str
    """Which schedule."""
    warmup: Warmup | None = None
    """A ramp up to the schedule, before it or in place of its first steps."""
    momentum: Momentum | MomentumPhases | None = None
    """Momentum (beta_1 of the Adam family) over the run; by default the optimizer's own, which stays constant."""
    weight_decay: NonNegative | WeightDecayPhases | None = None
    """Weight decay over the run (for muon, that of the matrices); by default the optimizer's own, which stays
    constant."""


class CurveBase(ScheduleBase):
    """A kind whose every value is known beforehand."""

    refining_phase: ClassVar[str | None]
    """What its last phase is called where that is the one which refines the model."""
    peaks: ClassVar[bool]
    """Whether ``rate_key`` sets a peak that only a moment of the run has, and not the rate that most of it has."""

    @abstractmethod
    def lengths(self) -> Iterable[Length]:
        """Every duration of the kind's own keys."""

    @abstractmethod
    def first_rate(self) -> float:
        """Learning rate at its first step."""

    @abstractmethod
    def rise(self) -> Path | None:
        """Keys of the first rise of the learning rate; None where it never rises."""

    @abstractmethod
    def orders(self) -> Iterable[Order]:
        """Learning rates that are likely exchanged where the second is not the higher."""

    def ways(self) -> Iterable[Way]:
        """Every stretch of the kind's own whose shape the recipe chooses."""
        return ()

    def momenta(self) -> Iterable[MomentumValue]:
        """The momenta that the kind itself brings along."""
        return ()
