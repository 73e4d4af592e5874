"""Groups of layers in a plan: factor and learning rate, phase by phase."""

from collections.abc import Iterator

from rich.text import Text

from runner.curves import Segment
from runner.plan.plan import Plan
from runner.plan.schedules.body import shape_name
from runner.plan.schedules.groups import PlannedGroup
from runner.text import printable
from runner.views.lines import Screen, paragraph
from runner.views.plan_phases import steps_text, way_text
from runner.views.tables import Column, table
from schemas.schedule import Ends

_COLUMNS = (
    Column("group"),
    Column("steps", left=False),
    Column("epochs", left=False, leaves=2),
    Column("factor"),
    Column("learning rate"),
    Column("curve", leaves=1),
)


def group_lines(plan: Plan, screen: Screen) -> Iterator[Text]:
    """A table of all groups, and which layers they have."""
    groups = plan.groups
    if not groups:
        return
    cells = [_cells(plan, group, row, first=k == 0) for group in groups for k, row in enumerate(group.table)]
    lines = table(screen, _COLUMNS, cells)
    yield from lines
    for group in groups:
        yield from paragraph(screen, f"{group.name}: {', '.join(map(printable, group.layers))}", indent=2, style="dim")


def _cells(plan: Plan, group: PlannedGroup, row: Segment, *, first: bool) -> tuple[str, ...]:
    values = plan.schedule.evaluate([row.start, row.stop - 1])
    factors = values[group.hyperparameter]
    rates = values["learning_rate"] * factors
    return (
        group.name if first else "",
        steps_text(row.start, row.stop),
        f"{(row.stop - row.start) / plan.steps_per_epoch:.2f}",
        way_text(Ends(*factors.tolist())),
        way_text(Ends(*rates.tolist())) if factors.any() else "frozen",
        shape_name(row),
    )
