"""The factor on a plan's dropout rates, phase by phase."""

from collections.abc import Iterator

from rich.text import Text

from runner.curves import Segment
from runner.plan.plan import Plan
from runner.plan.schedules.body import shape_name
from runner.views.lines import Screen
from runner.views.plan_phases import steps_text, way_text
from runner.views.tables import Column, table
from schemas.schedule import Ends

_COLUMNS = (
    Column("dropout"),
    Column("epochs", left=False, leaves=1),
    Column("factor"),
    Column("rates"),
    Column("curve", leaves=2),
)


def dropout_lines(plan: Plan, screen: Screen) -> Iterator[Text]:
    """A row for each phase: the factor, and what it makes of the smallest and the largest rate."""
    rates = sorted({vars(item.layer)["rate"] for item in plan.layers if item.layer.is_dropout})
    if plan.dropout_factor:
        yield from table(screen, _COLUMNS, [_cells(plan, row, rates) for row in plan.dropout_factor])


def _cells(plan: Plan, row: Segment, rates: list[float]) -> tuple[str, ...]:
    ends = plan.schedule.evaluate([row.start, row.stop - 1])["dropout_factor"].tolist()
    shown = dict.fromkeys((rates[0], rates[-1])) if rates else ()
    return (
        steps_text(row.start, row.stop),
        f"{(row.stop - row.start) / plan.steps_per_epoch:.2f}",
        way_text(Ends(*ends)),
        ", ".join(way_text(Ends(*(rate * end for end in ends))) for rate in shown),
        shape_name(row),
    )
