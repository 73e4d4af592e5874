"""Momentum over the run: the optimizer's own, one value, the schedule's way, or a table of its own."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from runner.curves import Segment, segments
from runner.plan.schedules.body import Ends, PlannedPhase
from runner.plan.schedules.checks import require_continuity, require_shape
from runner.plan.schedules.errors import Path, ScheduleError
from runner.plan.schedules.stretch import Row, Stretch, boundaries
from schemas.schedule import MomentumPhases

Table = tuple[Segment, ...]


def given_momentum(given: float | MomentumPhases, run: Stretch, path: Path, base_momentum: float | None) -> Table:
    """Compile the schedule's ``momentum`` key, measured against the whole run.

    Raises:
        ScheduleError: when the optimizer has no momentum or the table does not fit the run.
    """
    if base_momentum is None:
        raise ScheduleError(
            "the schedule gives momentum, but the optimizer has none",
            path,
            help="remove momentum, or take an optimizer with momentum",
        )
    if isinstance(given, float):
        return constant_momentum(given, run.steps)
    return _table(given, run, (*path, "phases"))


def constant_momentum(value: float, steps: int) -> Table:
    """Keep one value from the first step to the last."""
    return (Segment(0, steps, value, value),)


def after_warmup(table: Table, warmup: int) -> Table:
    """Move a table behind a warm-up, in which momentum keeps the table's first value."""
    if not warmup:
        return table
    moved = (replace(row, start=row.start + warmup, stop=row.stop + warmup) for row in table)
    return (Segment(0, warmup, table[0].first, table[0].first), *moved)


def ends_along(table: Table, phases: Sequence[PlannedPhase]) -> list[Ends | None]:
    """Momentum at the ends of the learning rate's phases; None for each where there is no table.

    Where a row of the momentum's table stops with a phase, its last value counts and not the first value of
    the row that follows, which may jump.
    """
    if not table:
        return [None] * len(phases)
    curve = segments(table)
    firsts = curve(np.array([phase.start for phase in phases], dtype=np.int64)).tolist()
    passing = curve(np.array([phase.stop for phase in phases], dtype=np.int64)).tolist()
    closing = {row.stop: row.last for row in table}
    lasts = [closing.get(phase.stop, value) for phase, value in zip(phases, passing, strict=True)]
    return [Ends(*ends) for ends in zip(firsts, lasts, strict=True)]


def _table(given: MomentumPhases, run: Stretch, path: Path) -> Table:
    names = [f"momentum phase {k + 1}" for k in range(len(given.phases))]
    rows = [
        Row(name, run.of(phase.duration), (*path, k, "duration"))
        for k, (name, phase) in enumerate(zip(names, given.phases, strict=True))
    ]
    edges = boundaries(rows, run, path)
    ends = [
        Ends(phase.momentum, phase.momentum)
        if isinstance(phase.momentum, float)
        else Ends(phase.momentum.from_, phase.momentum.to)
        for phase in given.phases
    ]
    paths: list[Path] = [(*path, k, "momentum") for k in range(len(ends))]
    for name, phase, way, place in zip(names, given.phases, ends, paths, strict=True):
        require_shape(name, phase.curve, way, place)
    require_continuity("momentum", names, ends, [phase.jump for phase in given.phases], paths)
    parts = zip(given.phases, ends, pairwise(edges), strict=True)
    return tuple(Segment(start, stop, *way, phase.curve) for phase, way, (start, stop) in parts)
