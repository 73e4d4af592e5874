"""Groups of layers in a plan: factor and learning rate, phase by phase."""

from collections.abc import Iterator

from rich.text import Text

from runner.curves import Segment
from runner.plan.plan import Plan
from runner.plan.schedules.body import shape_name
from runner.plan.schedules.groups import PlannedGroup
from runner.plots.number_format import short
from runner.text import printable
from runner.views.lines import Column, Screen, paragraph, table

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
    lines, _ = table(screen, _COLUMNS, cells)
    yield from lines
    for group in groups:
        yield from paragraph(screen, f"{group.name}: {', '.join(map(printable, group.layers))}", indent=2, style="dim")


def _cells(plan: Plan, group: PlannedGroup, row: Segment, *, first: bool) -> tuple[str, ...]:
    ends = [row.start, row.stop - 1]
    values = plan.schedule.evaluate(ends)
    factors = values[group.hyperparameter]
    return (
        group.name if first else "",
        f"{row.start:,}–{row.stop - 1:,}",
        f"{(row.stop - row.start) / plan.steps_per_epoch:.2f}",
        _way(*(f"{factor:.5g}" for factor in factors.tolist())),
        "frozen"
        if not factors.any()
        else _way(*(short(rate, 5) for rate in (values["learning_rate"] * factors).tolist())),
        shape_name(row),
    )


def _way(first: str, last: str) -> str:
    return first if first == last else f"{first} → {last}"
