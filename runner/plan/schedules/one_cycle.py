"""The 1cycle policy: three phases, and a momentum that moves inversely."""

from runner import curves
from runner.curves import Segment, Shape
from runner.errors import ScheduleError
from runner.plan.schedules.body import Body, Ends, phase_table
from runner.plan.schedules.checks import require_shape
from runner.plan.schedules.errors import Path
from runner.plan.schedules.stretch import Row, Stretch, boundaries
from schemas.schedule import OneCycle

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
KEYS = ("up", "down", "final")
"""Their keys in the recipe."""


def one_cycle(schedule: OneCycle, stretch: Stretch, base_momentum: float | None) -> Body:
    """Compile η₀ → η₁ → η₀ → final and the momentum's way down and up.

    Raises:
        ScheduleError: when the phases do not fit the steps, or the optimizer has no momentum to cycle.
    """
    edges = _edges(schedule, stretch)
    shapes = (schedule.up.curve, schedule.down.curve, schedule.final.curve)
    initial = schedule.max_lr / 10 if schedule.initial_lr is None else schedule.initial_lr
    final = initial / 1000 if schedule.final_lr is None else schedule.final_lr
    ways = (Ends(initial, schedule.max_lr), Ends(schedule.max_lr, initial), Ends(initial, final))
    _require_shapes("learning rate", ways, shapes)
    table = curves.one_cycle(initial, schedule.max_lr, final, edges, stretch.steps, shapes=shapes)
    body = phase_table(table, LABELS)
    return Body(body.curve, body.phases, _momentum(schedule, edges, stretch.steps, shapes, base_momentum))


def _momentum(
    schedule: OneCycle,
    edges: tuple[int, int],
    steps: int,
    shapes: tuple[Shape, Shape, Shape],
    base_momentum: float | None,
) -> tuple[Segment, ...] | None:
    cycle = schedule.momentum
    if cycle == "fixed":
        return None
    if base_momentum is None:
        raise ScheduleError(
            f"1cycle moves the momentum between {cycle.high:g} and {cycle.low:g}, but the optimizer has none",
            ("momentum",),
            help="write momentum: fixed, or take an optimizer with momentum",
        )
    ways = (Ends(cycle.high, cycle.low), Ends(cycle.low, cycle.high), Ends(cycle.high, cycle.high))
    _require_shapes("momentum", ways, shapes)
    return curves.one_cycle_momentum(cycle.high, cycle.low, edges, steps, shapes=shapes)


def _edges(schedule: OneCycle, stretch: Stretch) -> tuple[int, int]:
    durations = (schedule.up.duration, schedule.down.duration, schedule.final.duration)
    rows = [
        Row(name, stretch.of(duration), (key, "duration"))
        for (name, _), key, duration in zip(LABELS, KEYS, durations, strict=True)
    ]
    _, up, down, _ = boundaries(rows, stretch, _written(schedule))
    return up, down


def _written(schedule: OneCycle) -> Path:
    # Where the sum is wrong, the durations that the recipe itself gives are the ones to look at.
    written = [key for key in KEYS if key in schedule.model_fields_set]
    return (written[-1], "duration") if written else ()


def _require_shapes(what: str, ways: tuple[Ends, ...], shapes: tuple[Shape, ...]) -> None:
    for (name, _), key, shape, ends in zip(LABELS, KEYS, shapes, ways, strict=True):
        require_shape(f"phase {name!r}: {what}", shape, ends, (key, "curve"))
