"""Where a schedule's learning rate rises."""

from itertools import pairwise

from schemas.findings import Path
from schemas.rules.parts import ends, rates_of_cycle
from schemas.rules.tell import at
from schemas.schedule import (
    BaseSchedule,
    Cosine,
    CosineRestarts,
    Cyclic,
    Linear,
    OneCycle,
    Phases,
    Piecewise,
    Polynomial,
    Wsd,
)


def rise_of(schedule: BaseSchedule, path: Path) -> Path | None:
    """The key of the first rise behind any warm-up; None where the learning rate never rises.

    Args:
        schedule: of any kind that is known beforehand.
        path: of it.
    """
    match schedule:
        case OneCycle():
            initial, peak, _ = rates_of_cycle(schedule)
            return (*path, "kind") if initial < peak else None
        case Cyclic() | CosineRestarts():
            return (*path, "kind")
        case Wsd():
            return at(schedule, path, "initial_lr") if schedule.initial_lr < schedule.max_lr else None
        case Linear() | Polynomial() | Cosine():
            return (*path, "final_lr") if schedule.final_lr > schedule.initial_lr else None
        case Piecewise():
            rises = [k for k, (before, after) in enumerate(pairwise(schedule.values), start=1) if after > before]
            return (*path, "values", rises[0]) if rises else None
        case Phases():
            return _rise_of_table(schedule, path)
        case _:
            return None


def _rise_of_table(schedule: Phases, path: Path) -> Path | None:
    before = None
    for k, row in enumerate(schedule.phases):
        first, last = ends(row.learning_rate)
        if last > first or (before is not None and first > before):
            return (*path, "phases", k, "learning_rate")
        before = last
    return None
