"""Momentum over the run: the optimizer's own, one value, the schedule's way, or a table of its own."""

from dataclasses import replace

from runner.curves import Segment
from runner.errors import ScheduleError
from runner.plan.schedules.own_tables import Table, given_table
from runner.plan.schedules.schedule_errors import Path
from runner.plan.schedules.stretch import Stretch
from schemas.schedule.momentum import MomentumPhases


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
    return given_table("momentum", given, run, path)


def after_warmup(table: Table, warmup: int) -> Table:
    """Move a table behind a warm-up, in which momentum keeps the table's first value."""
    if not warmup:
        return table
    moved = (replace(row, start=row.start + warmup, stop=row.stop + warmup) for row in table)
    return (Segment(0, warmup, table[0].first, table[0].first), *moved)
