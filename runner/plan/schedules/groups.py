"""Factors on the learning rate of groups of layers, over the run."""

from collections.abc import Mapping
from dataclasses import dataclass

from runner.curves import Curve, segments
from runner.errors import GroupError, ScheduleError
from runner.plan.schedules.own_tables import Table, constant_table, row_table
from runner.plan.schedules.stretch import Stretch
from schemas.groups import Group


@dataclass(frozen=True)
class PlannedGroup:
    """A group of layers and the factor on its learning rate."""

    name: str
    layers: tuple[str, ...]
    """Names of its layers."""
    table: Table
    """The factor, row by row."""
    can_freeze: bool
    """Whether the factor is 0 at some step."""

    @property
    def hyperparameter(self) -> str:
        """The name under which a step assigns the factor."""
        return f"factor_{self.name}"

    @property
    def curve(self) -> Curve:
        """The factor of every step."""
        return segments(self.table)


def plan_groups(written: Mapping[str, Group], steps: int, steps_per_epoch: int) -> tuple[PlannedGroup, ...]:
    """Compile the recipe's groups; durations are measured against the whole run.

    Raises:
        ScheduleError: when the table of a group does not cover the run.
    """
    run = Stretch(steps, steps_per_epoch)
    return tuple(
        PlannedGroup(name, group.layers, _table(name, group, run), group.can_freeze) for name, group in written.items()
    )


def _table(name: str, group: Group, run: Stretch) -> Table:
    if isinstance(group.factor, float):
        return constant_table(group.factor, run.steps)
    try:
        return row_table(f"group {name}", group.factor.phases, run, ("groups", name, "factor", "phases"))
    except ScheduleError as error:
        raise GroupError(error.message, error.path, *error.help) from None
