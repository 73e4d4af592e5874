"""The phase table of a plan, with what each phase is for, and the momentum's own where it differs."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from rich.text import Text

from runner.cli.lines import Column, Screen, paragraph, table
from runner.plan.plan import Plan, effective_schedule
from runner.plan.schedule import Ends, PlannedPhase
from runner.plan.schedules.body import shape_name
from runner.plan.schedules.plateau import base_of
from runner.plots.numbers import short
from runner.sinks import format as fmt
from runner.text import printable

_COLUMNS = (
    Column("phase"),
    Column("steps", left=False),
    Column("epochs", left=False, leaves=2),
    Column("learning rate"),
    Column("momentum", leaves=3),
    Column("curve", leaves=1),
)
_MOMENTUM_COLUMNS = (
    Column("steps"),
    Column("epochs", left=False),
    Column("momentum"),
    Column("curve"),
)
_SHOWN = (9, 3)
"""Rows shown of a long table: so many at its beginning and its end."""


class _Row(NamedTuple):
    cells: tuple[str, ...]
    curve: str
    purpose: str


def phase_lines(plan: Plan, screen: Screen) -> Iterator[Text]:
    """The table, purposes beneath their rows, once for neighbours with the same one."""
    rows = _shortened(list(_rows(plan)))
    (heading, *lines), left_out = table(screen, _COLUMNS, [row.cells for row in rows])
    yield heading
    for k, (row, line) in enumerate(zip(rows, lines, strict=True)):
        yield line
        if k + 1 == len(rows) or rows[k + 1].purpose != row.purpose:
            # Where the column had to leave, the shape still stands in words.
            said = [part for part in (row.curve if "curve" in left_out else "", row.purpose) if part]
            yield from paragraph(screen, printable("; ".join(said)), indent=2, style="dim") if said else ()


def _rows(plan: Plan) -> Iterator[_Row]:
    phases = plan.schedule.phases
    base, _ = base_of(effective_schedule(plan.recipe))
    for k, phase in enumerate(phases):
        if base.kind == "1cycle" and k == len(phases) - 3:
            yield _start(phase)
        cells = (
            printable(phase.name),
            _steps(phase.start, phase.stop),
            f"{phase.steps / plan.steps_per_epoch:.2f}",
            _way(phase.learning_rate, _rate),
            _way(phase.momentum, _momentum),
            phase.curve,
        )
        yield _Row(cells, phase.curve, phase.purpose)


def _start(phase: PlannedPhase) -> _Row:
    """1cycle's start is a point: a row without a length."""
    rate, momentum = phase.learning_rate.first, phase.momentum
    moves = momentum is not None and momentum.first != momentum.last
    cells = ("start", f"{phase.start:,}", "", _rate(rate), _momentum(momentum.first) if momentum else "-", "")
    return _Row(cells, "", "a low rate and a high momentum" if moves else "a low rate")


def _steps(start: int, stop: int) -> str:
    return f"{start:,}" if stop - start == 1 else f"{start:,}–{stop - 1:,}"


def _rate(value: float) -> str:
    return short(value, 5)


def _momentum(value: float) -> str:
    return f"{value:.5g}"


def _way(ends: Ends | None, show: Callable[[float], str]) -> str:
    if ends is None:
        return fmt.MISSING
    first, last = show(ends.first), show(ends.last)
    return first if first == last else f"{first} → {last}"


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


def momentum_lines(plan: Plan, screen: Screen) -> list[Text]:
    """The momentum's own table, where it turns elsewhere than the learning rate's phases do; else nothing."""
    segments = plan.schedule.momentum_table
    if {row.start for row in segments} <= {phase.start for phase in plan.schedule.phases}:
        return []
    rows = [
        _Row(
            (
                _steps(row.start, row.stop),
                f"{(row.stop - row.start) / plan.steps_per_epoch:.2f}",
                _way(Ends(row.first, row.last), _momentum),
                shape_name(row),
            ),
            "",
            "",
        )
        for row in segments
    ]
    lines, _ = table(screen, _MOMENTUM_COLUMNS, [row.cells for row in _shortened(rows)])
    return lines
