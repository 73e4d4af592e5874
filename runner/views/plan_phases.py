"""The phase table of a plan with the purpose of each phase, and separate tables of momentum and weight decay."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.text import Text

from runner.curves import Segment
from runner.numerals import way
from runner.plan.defaults import effective_schedule
from runner.plan.plan import Plan
from runner.plan.schedule import Ends, PlannedPhase
from runner.plan.schedules.body import shape_name
from runner.sinks import formatting as fmt
from runner.text import printable
from runner.views.lines import Screen, paragraph
from runner.views.tables import Column, fitted, table, too_narrow
from schemas.schedule.curve_kinds import is_one_cycle
from schemas.schedule.pieces import base_of

_COLUMNS = (
    Column("phase"),
    Column("steps", left=False),
    Column("epochs", left=False, leaves=2),
    Column("learning rate"),
    Column("momentum", leaves=3),
    Column("curve", leaves=1),
)
_DECAY = Column("weight decay", leaves=4)
"""Column before the curve, if the schedule drives weight decay."""
_SHOWN = (9, 3)
"""Number of rows shown at the start and at the end of a long table."""


class _Row(NamedTuple):
    cells: tuple[str, ...]
    curve: str
    purpose: str


def phase_lines(plan: Plan, screen: Screen) -> Iterator[Text]:
    """The table with purposes below their rows, once for consecutive rows with the same purpose."""
    rows = _shortened(list(_rows(plan)))
    columns = (*_COLUMNS[:-1], _DECAY, _COLUMNS[-1]) if "weight_decay" in plan.schedule.tables else _COLUMNS
    (heading, *lines), left_out = fitted(screen, columns, [row.cells for row in rows])
    yield heading
    for k, (row, line) in enumerate(zip(rows, lines, strict=True)):
        yield line
        if k + 1 == len(rows) or rows[k + 1].purpose != row.purpose:
            # If the column was dropped, the shape is still given in words.
            notes = [part for part in (row.curve if "curve" in left_out else "", row.purpose) if part]
            yield from paragraph(screen, printable("; ".join(notes)), indent=2, style="dim") if notes else ()
    yield from too_narrow(screen, [column.heading for column in columns if column.heading in left_out - {"curve"}])


def _rows(plan: Plan) -> Iterator[_Row]:
    phases = plan.schedule.phases
    base, _ = base_of(effective_schedule(plan.recipe))
    for k, phase in enumerate(phases):
        if base is not None and is_one_cycle(base) and k == len(phases) - 3:
            yield _start(phase)
        cells = (
            printable(phase.name),
            steps_text(phase.start, phase.stop),
            f"{phase.steps / plan.steps_per_epoch:.2f}",
            way_text(phase.learning_rate),
            way_text(phase.momentum),
            *_decay(phase.weight_decay),
            phase.curve,
        )
        yield _Row(cells, phase.curve, phase.purpose)


def _start(phase: PlannedPhase) -> _Row:
    """The start of 1cycle is a point: a row without a length."""
    rate, momentum = phase.learning_rate.first, phase.momentum
    moves = momentum is not None and momentum.first != momentum.last
    first = fmt.rate(momentum.first) if momentum else "-"
    decay = () if phase.weight_decay is None else (fmt.rate(phase.weight_decay.first),)
    cells = ("start", f"{phase.start:,}", "", fmt.rate(rate), first, *decay, "")
    return _Row(cells, "", "a low rate and a high momentum" if moves else "a low rate")


def steps_text(start: int, stop: int) -> str:
    """The steps of a row, of which the last is the one before ``stop``."""
    return f"{start:,}" if stop - start == 1 else f"{start:,}–{stop - 1:,}"


def _decay(ends: Ends | None) -> tuple[str, ...]:
    return () if ends is None else (way_text(ends),)


def way_text(ends: Ends | None) -> str:
    """The first and the last value of a row, or the one value that it keeps."""
    return fmt.MISSING if ends is None else way(ends.first, ends.last)


def _shortened(rows: list[_Row]) -> list[_Row]:
    first, last = _SHOWN
    hidden = len(rows) - first - last
    if hidden < 2:
        return rows
    return [
        *rows[:first],
        _Row((f"… {hidden:,} more", *[""] * (len(rows[0].cells) - 1)), "", rows[0].purpose),
        *rows[-last:],
    ]


def own_table_lines(plan: Plan, screen: Screen) -> list[Text]:
    """The tables of other hyperparameters, where their rows do not start with the learning rate's phases."""
    tables = plan.schedule.tables.items()
    return [line for name, rows in tables for line in _own_table(plan, screen, name.replace("_", " "), rows)]


def _own_table(plan: Plan, screen: Screen, what: str, segments: Sequence[Segment]) -> list[Text]:
    if {row.start for row in segments} <= {phase.start for phase in plan.schedule.phases}:
        return []
    rows = [
        _Row(
            (
                steps_text(row.start, row.stop),
                f"{(row.stop - row.start) / plan.steps_per_epoch:.2f}",
                way_text(Ends(row.first, row.last)),
                shape_name(row),
            ),
            "",
            "",
        )
        for row in segments
    ]
    columns = (Column("steps"), Column("epochs", left=False), Column(what), Column("curve"))
    return table(screen, columns, [row.cells for row in _shortened(rows)])
