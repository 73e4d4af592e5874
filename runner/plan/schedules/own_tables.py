"""Curves beside the learning rate's: a phase table of momentum or weight decay, measured against the whole run."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from runner.curves import Segment, segments
from runner.plan.schedules.body import PlannedPhase
from runner.plan.schedules.schedule_errors import Path
from runner.plan.schedules.stretch import Row, Stretch, boundaries
from schemas.groups import FactorPhase
from schemas.schedule import Ends
from schemas.schedule.momentum import MomentumPhase, MomentumPhases
from schemas.schedule.weight_decay import WeightDecayPhase, WeightDecayPhases

Table = tuple[Segment, ...]


def constant_table(value: float, steps: int) -> Table:
    """Keep one value from the first step to the last."""
    return (Segment(0, steps, value, value),)


def given_table(what: str, given: float | MomentumPhases | WeightDecayPhases, run: Stretch, path: Path) -> Table:
    """Compile the value of a schedule's key, measured against the whole run.

    Args:
        what: ``momentum`` or ``weight decay``.
        given: one value, or a table of its own.
        run: the steps to cover.
        path: of the key.

    Raises:
        ScheduleError: when the table does not cover the run.
    """
    if isinstance(given, float):
        return constant_table(given, run.steps)
    return row_table(what, given.phases, run, (*path, "phases"))


def row_table(
    what: str, written: Sequence[MomentumPhase | WeightDecayPhase | FactorPhase], run: Stretch, path: Path
) -> Table:
    """Compile the rows of a table, measured against the whole run.

    Args:
        what: whose rows, for messages.
        written: the rows.
        run: the steps to cover.
        path: of the rows.

    Raises:
        ScheduleError: when the rows do not cover the run.
    """
    names = [f"{what} phase {k + 1}" for k in range(len(written))]
    rows = [
        Row(name, run.of(row.duration), (*path, k, "duration"))
        for k, (name, row) in enumerate(zip(names, written, strict=True))
    ]
    edges = boundaries(rows, run, path)
    parts = zip(written, pairwise(edges), strict=True)
    return tuple(Segment(start, stop, *row.ends, row.curve) for row, (start, stop) in parts)


def ends_along(table: Table, phases: Sequence[PlannedPhase]) -> list[Ends | None]:
    """Values at the ends of the learning rate's phases; None for each where there is no table.

    Where a row of the table stops with a phase, its last value counts and not the first value of the row that follows,
    which may jump.
    """
    if not table:
        return [None] * len(phases)
    curve = segments(table)
    firsts = curve(np.array([phase.start for phase in phases], dtype=np.int64)).tolist()
    passing = curve(np.array([phase.stop for phase in phases], dtype=np.int64)).tolist()
    closing = {row.stop: row.last for row in table}
    lasts = [closing.get(phase.stop, value) for phase, value in zip(phases, passing, strict=True)]
    return [Ends(*ends) for ends in zip(firsts, lasts, strict=True)]
