"""Weight decay over the run, where the schedule gives it: one value, or a table of its own."""

from runner.errors import ScheduleError
from runner.plan.schedules.own_tables import Table, given_table
from runner.plan.schedules.schedule_errors import Path
from runner.plan.schedules.stretch import Stretch
from schemas.schedule.weight_decay import WeightDecayPhases


def given_weight_decay(
    given: float | WeightDecayPhases | None, run: Stretch, path: Path, base_weight_decay: float | None
) -> Table:
    """Compile the schedule's ``weight_decay`` key, measured against the whole run; empty where it is left out.

    Left out, the optimizer's own number stays and nothing is driven.

    Raises:
        ScheduleError: when the optimizer has no weight decay or the table does not fit the run.
    """
    if given is None:
        return ()
    if base_weight_decay is None:
        raise ScheduleError(
            "the schedule gives weight decay, but the optimizer has none",
            path,
            help="write weight_decay on the optimizer too, or take adamw",
        )
    return given_table("weight decay", given, run, path)
