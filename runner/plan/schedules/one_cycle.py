"""The 1cycle policy: three phases, and a momentum that moves inversely."""

from collections.abc import Mapping
from typing import Any

from runner import curves
from runner.curves import Segment, Shape
from runner.errors import ScheduleError
from runner.plan.schedules.body import Body, phase_table
from runner.plan.schedules.compiler import Compiler
from runner.plan.schedules.schedule_errors import Path
from runner.plan.schedules.stretch import Row, Stretch, boundaries
from schemas.schedule import CurveBase
from schemas.schedule.one_cycle import OneCycle

LABELS = (
    (
        "first half",
        "rises from a low rate: leaves poor minima and saddles and adapts the weights gradually, while "
        "falling momentum damps the large updates",
    ),
    ("second half", "comes back down: stabilises, while momentum recovers"),
    ("final", "drops by orders of magnitude: refines with tiny updates, like annealing, at high momentum"),
)
"""Name and purpose of each phase."""


def one_cycle(schedule: OneCycle, stretch: Stretch) -> Body:
    """Compile η₀ → η₁ → η₀ → final.

    Raises:
        ScheduleError: when the phases do not fit the steps.
    """
    initial, peak, final = schedule.rates
    edges = _edges(schedule, stretch)
    return phase_table(curves.one_cycle(initial, peak, final, edges, stretch.steps, shapes=_shapes(schedule)), LABELS)


def momentum(schedule: OneCycle, stretch: Stretch, base_momentum: float | None) -> tuple[Segment, ...] | None:
    """Compile the momentum's way down and up.

    Raises:
        ScheduleError: when the optimizer has no momentum to cycle.
    """
    cycle = schedule.momentum
    if cycle == "fixed":
        return None
    if base_momentum is None:
        raise ScheduleError(
            f"1cycle moves the momentum between {cycle.high:g} and {cycle.low:g}, but the optimizer has none",
            ("momentum",),
            help="write momentum: fixed, or take an optimizer with momentum",
        )
    edges, shapes = _edges(schedule, stretch), _shapes(schedule)
    return curves.one_cycle_momentum(cycle.high, cycle.low, edges, stretch.steps, shapes=shapes)


def _shapes(schedule: OneCycle) -> tuple[Shape, Shape, Shape]:
    return schedule.up.curve, schedule.down.curve, schedule.final.curve


def _edges(schedule: OneCycle, stretch: Stretch) -> tuple[int, int]:
    rows = [
        Row(name, stretch.of(duration), path)
        for (name, _), (path, duration, _) in zip(LABELS, schedule.lengths(), strict=True)
    ]
    _, up, down, _ = boundaries(rows, stretch, _written(schedule))
    return up, down


def _written(schedule: OneCycle) -> Path:
    # Where the sum is wrong, the durations that the recipe itself gives are the ones to look at.
    written = [part.key for part in schedule.parts if part.key in schedule.model_fields_set]
    return (written[-1], "duration") if written else ()


COMPILERS: Mapping[type[CurveBase], Compiler[Any]] = {
    OneCycle: Compiler(curves.one_cycle, one_cycle, momentum, curves.one_cycle_momentum)
}
