"""Kinds that are phase tables: the written table, warm-up–stable–decay, piecewise."""

from itertools import pairwise

from runner import curves
from runner.curves import Segment
from runner.errors import ScheduleError
from runner.plan.schedules.body import Body, Ends, PlannedPhase, phase_table
from runner.plan.schedules.checks import require_continuity, require_shape
from runner.plan.schedules.errors import Path, ScheduleWarning
from runner.plan.schedules.stretch import Row, Stretch, boundaries, nearest
from schemas.schedule import Phase, Phases, Piecewise, Wsd


def phases(schedule: Phases, stretch: Stretch, base_momentum: float | None) -> Body:
    """Compile a table that the recipe writes itself.

    Raises:
        ScheduleError: when it does not cover the steps, jumps without saying so, goes exponentially from or
            to zero, or gives momentum to an optimizer without.
    """
    written = schedule.phases
    rows = [Row(row.name, stretch.of(row.duration), ("phases", k, "duration")) for k, row in enumerate(written)]
    edges = boundaries(rows, stretch, ("phases",))
    table = _segments(written, [_rate(row) for row in written], edges, "learning_rate")
    body = phase_table(table, [(row.name, row.purpose) for row in written])
    if all(row.momentum is None for row in written):
        return body
    momentum = [_momentum(row, k, base_momentum) for k, row in enumerate(written)]
    return Body(body.curve, body.phases, _segments(written, momentum, edges, "momentum"))


def _segments(written: tuple[Phase, ...], ends: list[Ends], edges: tuple[int, ...], key: str) -> tuple[Segment, ...]:
    what = key.replace("_", " ")
    paths: list[Path] = [("phases", k, key) for k in range(len(written))]
    for row, way, path in zip(written, ends, paths, strict=True):
        require_shape(f"phase {row.name!r}: {what}", row.curve, way, path)
    require_continuity(what, [row.name for row in written], ends, [row.jump for row in written], paths)
    rows = zip(written, ends, pairwise(edges), strict=True)
    return tuple(Segment(start, stop, *way, row.curve) for row, way, (start, stop) in rows)


def _rate(row: Phase) -> Ends:
    rate = row.learning_rate
    return Ends(rate, rate) if isinstance(rate, float) else Ends(rate.from_, rate.to)


def _momentum(row: Phase, k: int, base_momentum: float | None) -> Ends:
    if base_momentum is None:
        raise ScheduleError(
            "the table gives momentum, but the optimizer has none",
            ("phases", k, "momentum"),
            help="remove momentum, or take an optimizer with momentum",
        )
    momentum = base_momentum if row.momentum is None else row.momentum
    return Ends(momentum, momentum) if isinstance(momentum, float) else Ends(momentum.from_, momentum.to)


def wsd(schedule: Wsd, stretch: Stretch) -> Body:
    """Compile a way up, a plateau and a way down.

    Raises:
        ScheduleError: when a part has less than a step, or the way down is exponential and ends at zero.
    """
    ramp, decay = stretch.of(schedule.ramp), stretch.of(schedule.decay)
    stable = stretch.steps - ramp - decay
    if stable < 0:
        raise ScheduleError(f"ramp and decay take {ramp + decay:.6g} of the {stretch}", ("decay",))
    rows = [Row("ramp", ramp, ("ramp",)), Row("stable", stable, ("decay",)), Row("decay", decay, ("decay",))]
    _, up, down, _ = boundaries(rows, stretch, ())
    require_shape("the decay", schedule.curve, Ends(schedule.max_lr, schedule.final_lr), ("curve",))
    table = curves.wsd(
        schedule.initial_lr, schedule.max_lr, schedule.final_lr, (up, down), stretch.steps, shape=schedule.curve
    )
    purposes = ("adapts the weights gradually", "learns at the full rate", "settles into a minimum")
    return phase_table(table, [(row.name, purpose) for row, purpose in zip(rows, purposes, strict=True)])


def piecewise(schedule: Piecewise, stretch: Stretch) -> Body:
    """Compile one value after another; boundaries beyond the run are warned of and dropped.

    Raises:
        ScheduleError: when the counts do not fit, or the boundaries do not increase by at least a step.
    """
    if len(schedule.values) != len(schedule.boundaries) + 1:
        raise ScheduleError(
            f"values must be one more than the {len(schedule.boundaries)} boundaries; "
            f"received {len(schedule.values)} values",
            ("values",),
        )
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
