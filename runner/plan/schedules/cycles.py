"""Kinds that repeat: a row a period, as far as a table is readable."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from runner import curves
from runner.curves import Curve
from runner.errors import ScheduleError
from runner.plan.schedules.body import Body, PlannedPhase, value_at
from runner.plan.schedules.compiler import Compiler
from runner.plan.schedules.schedule_errors import ScheduleWarning
from runner.plan.schedules.stretch import Stretch
from schemas.schedule import CurveBase, Ends
from schemas.schedule.cycles import CosineRestarts, Cyclic

MAX_ROWS = 1000
"""The row in which all later periods are counted, so that a plan's size does not follow the run's."""


def cosine_restarts(schedule: CosineRestarts, stretch: Stretch) -> Body:
    """Compile periods of half a cosine, a row each."""
    period, path = stretch.of(schedule.first_period), ("first_period",)
    if period < 1:
        raise ScheduleError(f"first_period must last at least one step; received {period:.6g} of the {stretch}", path)
    curve = curves.cosine_restarts(
        schedule.initial_lr,
        schedule.final_lr,
        period,
        stretch.steps,
        t_mul=schedule.t_mul,
        m_mul=schedule.m_mul,
    )
    count = int(curves.period_at(np.array([stretch.steps - 1]), period, schedule.t_mul)[0]) + 1
    starts = curves.period_start(np.arange(min(count, MAX_ROWS)), period, schedule.t_mul)
    names = [f"period {k + 1}" for k in range(len(starts))]
    lasts = [schedule.final_lr] * (len(starts) - 1)
    phases = _rows(curve, stretch, starts.tolist(), lasts, _shortened(names, count), "cosine", "falls, then restarts")
    message = f"never restarts: the first period of {period:.6g} steps is not shorter than the {stretch}"
    return Body(curve, phases, warnings=() if count > 1 else (ScheduleWarning(message, path),))


def cyclic(schedule: Cyclic, stretch: Stretch) -> Body:
    """Compile a triangle wave, a row each flank."""
    flank, path = stretch.whole(schedule.half_cycle, ("half_cycle",)), ("half_cycle",)
    curve = curves.cyclic(schedule.min_lr, schedule.max_lr, flank, mode=schedule.mode, gamma=schedule.gamma)
    count = -(-stretch.steps // flank)
    starts = np.arange(min(count, MAX_ROWS), dtype=np.int64) * flank
    names = [f"cycle {k // 2 + 1} {('up', 'down')[k % 2]}" for k in range(len(starts))]
    lasts = curve(starts[1:]).tolist()
    purpose = "sweeps the range of useful learning rates"
    phases = _rows(curve, stretch, starts.tolist(), lasts, _shortened(names, count), schedule.mode, purpose)
    message = f"never reaches max_lr: half a cycle is {flank} steps, the last of the {stretch} is {stretch.steps - 1}"
    return Body(curve, phases, warnings=() if count > 1 else (ScheduleWarning(message, path),))


def _shortened(names: list[str], count: int) -> list[str]:
    return names if len(names) == count else [*names[:-1], f"{names[-1]} and later"]


def _rows(
    curve: Curve,
    stretch: Stretch,
    starts: Sequence[int],
    lasts: Sequence[float],
    names: Sequence[str],
    shape: str,
    purpose: str,
) -> tuple[PlannedPhase, ...]:
    firsts = curve(np.array(starts, dtype=np.int64)).tolist()
    ends = map(Ends, firsts, [*lasts, value_at(curve, stretch.steps - 1)])
    rows = zip(names, starts, [*starts[1:], stretch.steps], ends, strict=True)
    return tuple(PlannedPhase(name, start, stop, values, shape, purpose) for name, start, stop, values in rows)


COMPILERS: Mapping[type[CurveBase], Compiler[Any]] = {
    CosineRestarts: Compiler(curves.cosine_restarts, cosine_restarts),
    Cyclic: Compiler(curves.cyclic, cyclic),
}
