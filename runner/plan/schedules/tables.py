"""Kinds that are phase tables: the written table, warm-up–stable–decay, piecewise."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from runner import curves
from runner.curves import Segment
from runner.errors import ScheduleError
from runner.plan.schedules.body import Body, PlannedPhase, phase_table
from runner.plan.schedules.compiler import Compiler
from runner.plan.schedules.schedule_errors import ScheduleWarning
from runner.plan.schedules.stretch import Row, Stretch, boundaries, nearest
from schemas.schedule import CurveBase, Ends, ends
from schemas.schedule.tables import Phase, Phases, Piecewise, Wsd


def phases(schedule: Phases, stretch: Stretch) -> Body:
    """Compile a table that the recipe writes itself.

    Raises:
        ScheduleError: when it does not cover the steps.
    """
    rows = schedule.phases
    table = _segments(rows, [row.rate for row in rows], _edges(schedule, stretch))
    return phase_table(table, [(row.name, row.purpose) for row in rows])


def momentum(schedule: Phases, stretch: Stretch, base_momentum: float | None) -> tuple[Segment, ...] | None:
    """Compile the momentum of its rows; those without keep the optimizer's.

    Raises:
        ScheduleError: when the optimizer has no momentum.
    """
    rows = schedule.phases
    if all(row.momentum is None for row in rows):
        return None
    return _segments(rows, [_momentum(row, k, base_momentum) for k, row in enumerate(rows)], _edges(schedule, stretch))


def _edges(schedule: Phases, stretch: Stretch) -> tuple[int, ...]:
    lengths = zip(schedule.phases, schedule.lengths(), strict=True)
    rows = [Row(row.name, stretch.of(duration), path) for row, (path, duration, _) in lengths]
    return boundaries(rows, stretch, ("phases",))


def _segments(written: tuple[Phase, ...], ways: list[Ends], edges: tuple[int, ...]) -> tuple[Segment, ...]:
    rows = zip(written, ways, pairwise(edges), strict=True)
    return tuple(Segment(start, stop, *way, row.curve) for row, way, (start, stop) in rows)


def _momentum(row: Phase, k: int, base_momentum: float | None) -> Ends:
    if base_momentum is None:
        raise ScheduleError(
            "the table gives momentum, but the optimizer has none",
            ("phases", k, "momentum"),
            help="remove momentum, or take an optimizer with momentum",
        )
    return ends(base_momentum if row.momentum is None else row.momentum)


def wsd(schedule: Wsd, stretch: Stretch) -> Body:
    """Compile a way up, a plateau and a way down.

    Raises:
        ScheduleError: when a part has less than a step.
    """
    ramp, decay = stretch.of(schedule.ramp), stretch.of(schedule.decay)
    stable = stretch.steps - ramp - decay
    if stable < 0:
        raise ScheduleError(f"ramp and decay take {ramp + decay:.6g} of the {stretch}", ("decay",))
    rows = [Row("ramp", ramp, ("ramp",)), Row("stable", stable, ("decay",)), Row("decay", decay, ("decay",))]
    _, up, down, _ = boundaries(rows, stretch, ())
    table = curves.wsd(
        schedule.initial_lr, schedule.max_lr, schedule.final_lr, (up, down), stretch.steps, shape=schedule.curve
    )
    purposes = ("adapts the weights gradually", "learns at the full rate", "settles into a minimum")
    return phase_table(table, [(row.name, purpose) for row, purpose in zip(rows, purposes, strict=True)])


def piecewise(schedule: Piecewise, stretch: Stretch) -> Body:
    """Compile one value after another; boundaries beyond the run are warned of and dropped.

    Raises:
        ScheduleError: when the boundaries do not increase by at least a step.
    """
    edges = [nearest(stretch.of(duration)) for duration in schedule.boundaries]
    _require_increase(schedule, edges)
    inside = [edge for edge in edges if edge < stretch.steps]
    values = schedule.values[: len(inside) + 1]
    spans = zip(values, [0, *inside], [*inside, stretch.steps], strict=True)
    rows = tuple(
        PlannedPhase(f"piece {k + 1}", start, stop, Ends(value, value), "constant", "one learning rate for a while")
        for k, (value, start, stop) in enumerate(spans)
    )
    warnings = tuple(
        ScheduleWarning(f"boundary {schedule.boundaries[k]} never acts: beyond the {stretch}", ("boundaries", k))
        for k in range(len(inside), len(edges))
    )
    return Body(curves.piecewise(inside, values), rows, warnings=warnings)


def _require_increase(schedule: Piecewise, edges: list[int]) -> None:
    for k, (before, after) in enumerate(pairwise([0, *edges])):
        if after <= before:
            raise ScheduleError(
                f"boundaries must increase by at least one step; {schedule.boundaries[k]} is step {after}, "
                f"{f'{schedule.boundaries[k - 1]} is' if k else 'the start is'} step {before}",
                ("boundaries", k),
            )


COMPILERS: Mapping[type[CurveBase], Compiler[Any]] = {
    Piecewise: Compiler(curves.piecewise, piecewise),
    Wsd: Compiler(curves.wsd, wsd),
    Phases: Compiler(curves.segments, phases, momentum),
}
