"""The ramp before a schedule."""

from dataclasses import replace

from runner import curves
from runner.plan.schedules.body import Body, Ends, PlannedPhase, value_at
from runner.plan.schedules.checks import require_shape
from runner.plan.schedules.errors import Path, ScheduleError, ScheduleWarning
from runner.plan.schedules.momentum import after_warmup
from runner.plan.schedules.stretch import Stretch
from schemas.schedule import Warmup


def warmup_steps(warmup: Warmup | None, run: Stretch, path: Path) -> int:
    """Length of the ramp in steps; 0 without one.

    Raises:
        ScheduleError: when it is shorter than a step or leaves no step for the schedule.
    """
    if warmup is None:
        return 0
    length = run.whole(warmup.duration, (*path, "duration"))
    if length >= run.steps:
        raise ScheduleError(
            f"the warmup must be shorter than the run; received {warmup.duration}, which is {length} of the {run}",
            (*path, "duration"),
        )
    return length


def with_warmup(body: Body, warmup: Warmup, length: int, path: Path) -> Body:
    """Put the ramp before a schedule, whose own steps then start at 0 behind it.

    Raises:
        ScheduleError: when the ramp is exponential and starts or ends at zero.
    """
    ends = Ends(warmup.from_, value_at(body.curve, 0))
    require_shape("the warmup", warmup.curve, ends, (*path, "curve"))
    curve = curves.warmup(body.curve, length, first=warmup.from_, shape=warmup.curve)
    shape = "constant" if ends.first == ends.last else warmup.curve
    ramp = PlannedPhase("warmup", 0, length, ends, shape, "ramps up, so that the first updates do no harm")
    moved = (replace(row, start=row.start + length, stop=row.stop + length) for row in body.phases)
    momentum = None if body.momentum is None else after_warmup(body.momentum, length)
    warnings = (*body.warnings, *_flat(ends, path))
    return Body(curve, (ramp, *moved), momentum, warnings)


def _flat(ends: Ends, path: Path) -> tuple[ScheduleWarning, ...]:
    if ends.first != ends.last:
        return ()
    return (ScheduleWarning(f"the warmup does not move: the schedule starts at {ends.last:g} itself", path),)
