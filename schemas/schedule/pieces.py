"""The pieces of a schedule, wherever it writes them: on a plateau, on its base, or beside the learning rate."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from schemas.findings import Path
from schemas.schedule.base import ScheduleBase
from schemas.schedule.curve_kinds import Curve, is_constant
from schemas.schedule.kinds import Schedule, is_plateau
from schemas.schedule.ways import Ends

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from schemas.schedule.momentum import MomentumPhase, MomentumPhases
    from schemas.schedule.warmup import Warmup
    from schemas.schedule.weight_decay import WeightDecayPhase, WeightDecayPhases


def written(schedule: Schedule) -> Iterator[tuple[Schedule, Path]]:
    """The schedule and, under a plateau, its base."""
    yield schedule, ()
    if is_plateau(schedule) and schedule.base is not None:
        yield schedule.base, ("base",)


def base_of(schedule: Schedule) -> tuple[Curve | None, Path]:
    """The curve without what reacts to a monitor; None where a plateau gives nothing to multiply."""
    if not is_plateau(schedule):
        return schedule, ()
    if schedule.base is None and schedule.learning_rate is not None:
        from schemas.schedule.formulas import Constant

        return Constant.model_construct(kind="constant", learning_rate=schedule.learning_rate), ()
    return schedule.base, ("base",)


def owner_of(key: str, schedule: Schedule) -> tuple[ScheduleBase, Path]:
    """What gives ``warmup``, ``momentum`` or ``weight_decay``, and the key's path; a plateau's wins over its base's."""
    for owner, path in written(schedule):
        if getattr(owner, key) is not None:
            return owner, (*path, key)
    return schedule, (key,)


def warmup_of(schedule: Schedule) -> "tuple[Warmup, Path] | None":
    """The ramp before the schedule."""
    owner, path = owner_of("warmup", schedule)
    return None if owner.warmup is None else (owner.warmup, path)


class Ramp(NamedTuple):
    """A warm-up with its first value and the one it leads to."""

    path: Path
    warmup: "Warmup"
    ends: Ends


def ramp_of(schedule: Schedule) -> Ramp | None:
    """The warm-up, where the value it leads to does not depend on the length of the run."""
    warmup, (base, _) = warmup_of(schedule), base_of(schedule)
    if warmup is None or base is None or (warmup[0].overlap and not is_constant(base)):
        return None
    return Ramp(warmup[1], warmup[0], Ends(warmup[0].from_, base.first_rate()))


class OwnTable(NamedTuple):
    """Momentum or weight decay as a table of its own, beside the learning rate's."""

    what: str
    """``momentum`` or ``weight decay``."""
    rows: "tuple[MomentumPhase | WeightDecayPhase, ...]"
    path: Path
    """Of the rows."""

    @property
    def ends(self) -> list[Ends]:
        """First and last value of each row."""
        return [row.ends for row in self.rows]

    @property
    def values(self) -> list[Path]:
        """Where each row has its value."""
        return [(*self.path, k, self.what.replace(" ", "_")) for k in range(len(self.rows))]


def has_phases(given: object) -> "TypeIs[MomentumPhases | WeightDecayPhases]":
    """Whether momentum or weight decay is a phase table of its own; asking imports no class of such tables."""
    return hasattr(given, "phases")


def own_tables(schedule: Schedule) -> Iterator[OwnTable]:
    """Every table of momentum or weight decay."""
    for owner, path in written(schedule):
        if has_phases(owner.momentum):
            yield OwnTable("momentum", owner.momentum.phases, (*path, "momentum", "phases"))
        if has_phases(owner.weight_decay):
            yield OwnTable("weight decay", owner.weight_decay.phases, (*path, "weight_decay", "phases"))
