"""The ramp before a schedule, or in place of its first steps."""

from collections.abc import Iterator
from dataclasses import replace

from runner import curves
from runner.errors import ScheduleError
from runner.numerals import rate
from runner.plan.schedules.body import Body, PlannedPhase, value_at
from runner.plan.schedules.momentum import after_warmup
from runner.plan.schedules.schedule_errors import Path, ScheduleWarning
from runner.plan.schedules.stretch import Stretch
from schemas.schedule import Ends
from schemas.schedule.form import zero_in_exponential
from schemas.schedule.warmup import Warmup


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
    """Put the ramp before a schedule, whose own steps then start at 0 behind it; or over its first steps.

    Raises:
        ScheduleError: when the ramp is exponential and starts or ends at zero.
    """
    ends = Ends(warmup.from_, value_at(body.curve, length if warmup.overlap else 0))
    fault = zero_in_exponential((*path, "curve"), warmup.curve, "warmup", ends)
    if fault is not None:  # the schedule's value under the end of an overlapping ramp is known only here
        raise ScheduleError(fault.message, fault.path, fault.help or "")
    curve = curves.warmup(body.curve, length, first=warmup.from_, shape=warmup.curve, overlap=warmup.overlap)
    shape = "constant" if ends.first == ends.last else warmup.curve
    ramp = PlannedPhase("warmup", 0, length, ends, shape, "ramps up, so that the first updates do no harm")
    warnings = (*body.warnings, *_idle(warmup, length, ends, path))
    if warmup.overlap:
        covered = tuple(_covered(body, length, path))
        return Body(curve, (ramp, *_left(body, length)), body.momentum, (*warnings, *covered))
    moved = (replace(row, start=row.start + length, stop=row.stop + length) for row in body.phases)
    momentum = None if body.momentum is None else after_warmup(body.momentum, length)
    return Body(curve, (ramp, *moved), momentum, warnings)


def _left(body: Body, length: int) -> Iterator[PlannedPhase]:
    """What a ramp over the first steps leaves of the schedule's phases."""
    for row in body.phases:
        if row.start >= length:
            yield row
        elif row.stop > length:
            yield replace(row, start=length, learning_rate=Ends(value_at(body.curve, length), row.learning_rate.last))


def _covered(body: Body, length: int, path: Path) -> Iterator[ScheduleWarning]:
    for row in body.phases:
        if row.stop <= length:
            message = f"phase {row.name!r} never acts: it ends with step {row.stop}, the warmup with step {length}"
            yield ScheduleWarning(message, (*path, "duration"))


def _idle(warmup: Warmup, length: int, ends: Ends, path: Path) -> Iterator[ScheduleWarning]:
    if ends.first == ends.last:
        start = f"has {rate(ends.last)} there" if warmup.overlap else f"starts at {rate(ends.last)}"
        yield ScheduleWarning(f"the warmup does not move: the schedule {start} itself", path)
    elif length == 1 and warmup.from_ == 0:
        message = f"the whole warmup, {warmup.duration}, is one update at learning rate 0, which changes nothing"
        yield ScheduleWarning(message, (*path, "duration"))
