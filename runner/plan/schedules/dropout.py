"""The factor on all dropout rates of a model, over the run."""

from runner.errors import GroupError, ScheduleError
from runner.plan.schedules.own_tables import Table, row_table
from runner.plan.schedules.stretch import Stretch
from schemas.groups import FactorPhases

FACTOR = "dropout_factor"
"""Name of the hyperparameter, and key of the model."""


def dropout_table(written: FactorPhases | None, steps: int, steps_per_epoch: int) -> Table:
    """The factor, row by row; empty where no curve drives it.

    Raises:
        ScheduleError: when the table does not cover the run.
    """
    if written is None:
        return ()
    try:
        return row_table(FACTOR, written.phases, Stretch(steps, steps_per_epoch), ("model", FACTOR, "phases"))
    except ScheduleError as error:
        raise GroupError(error.message, error.path, *error.help) from None
