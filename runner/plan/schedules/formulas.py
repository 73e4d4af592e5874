"""Kinds that one formula covers from the first step to the last."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypedDict

from runner import curves
from runner.curves import Curve
from runner.plan.schedules.body import Body, single_phase
from runner.plan.schedules.compiler import Compiler
from runner.plan.schedules.schedule_errors import ScheduleWarning
from runner.plan.schedules.stretch import Stretch
from schemas.schedule import CurveBase
from schemas.schedule.formulas import Constant, Cosine, Exponential, InverseSqrt, Linear, Polynomial, Power, Stairs

EVERY = ("decay_every",)


class Steps(TypedDict):
    """How a curve goes down: smoothly, by ⌊t/s⌋, or by stairs of a length of their own."""

    staircase: bool
    every: int | None
    offset: int


def _stairs(schedule: Stairs, stretch: Stretch) -> Steps:
    every = None if schedule.every is None else stretch.whole(schedule.every, ("every",))
    return Steps(staircase=schedule.staircase, every=every, offset=stretch.offset)


def _scale(schedule: Stairs, stretch: Stretch) -> float:
    """Length of s; of stairs it is rounded to six decimals, so that 7.000000000000001 steps are 7."""
    scale = stretch.time_scale(schedule.decay_every, EVERY)
    return max(round(scale, 6), 1e-6) if schedule.staircase else scale


def _decay(curve: Curve, schedule: Power | Exponential | InverseSqrt, stretch: Stretch, purpose: str) -> Body:
    body = single_phase(curve, stretch.steps, "decay", schedule.kind, purpose)
    return replace(body, warnings=tuple(_never(schedule, stretch)))


def _never(schedule: Stairs, stretch: Stretch) -> Iterator[ScheduleWarning]:
    """Stairs whose first one lasts to the end of the run."""
    start = stretch.offset
    if schedule.staircase and _scale(schedule, stretch) >= stretch.steps:
        yield ScheduleWarning(f"never changes: the first stair, {schedule.decay_every}, lasts the {stretch}", EVERY)
    if schedule.every is not None:
        width = stretch.whole(schedule.every, ("every",))
        if (start + stretch.steps - 1) // width * width <= start:
            yield ScheduleWarning(f"never changes: {schedule.every} is not before the end of the {stretch}", ("every",))


def constant(schedule: Constant, stretch: Stretch) -> Body:
    """Compile η₀."""
    curve = curves.constant(schedule.learning_rate)
    return single_phase(curve, stretch.steps, "constant", "constant", "one learning rate throughout")


def power(schedule: Power, stretch: Stretch) -> Body:
    """Compile η₀ / (1 + t/s)^c."""
    scale, stairs = _scale(schedule, stretch), _stairs(schedule, stretch)
    curve = curves.power(schedule.initial_lr, scale, exponent=schedule.power, **stairs)
    return _decay(curve, schedule, stretch, "falls fast at first, then more and more slowly")


def exponential(schedule: Exponential, stretch: Stretch) -> Body:
    """Compile η₀ · r^(t/s)."""
    scale, stairs = _scale(schedule, stretch), _stairs(schedule, stretch)
    curve = curves.exponential(schedule.initial_lr, scale, rate=schedule.decay_rate, **stairs)
    return _decay(curve, schedule, stretch, "falls by the same factor in equal times")


def linear(schedule: Linear, stretch: Stretch) -> Body:
    """Compile η₀ + (η₁ − η₀) · t/(N−1)."""
    curve = curves.linear(schedule.initial_lr, schedule.final_lr, stretch.steps)
    return single_phase(curve, stretch.steps, "decay", "linear", "a straight way to the final learning rate")


def polynomial(schedule: Polynomial, stretch: Stretch) -> Body:
    """Compile η₁ + (η₀ − η₁) · (1 − t/(N−1))^p."""
    curve = curves.polynomial(schedule.initial_lr, schedule.final_lr, stretch.steps, exponent=schedule.power)
    return single_phase(curve, stretch.steps, "decay", "polynomial", "a bent way to the final learning rate")


def inverse_sqrt(schedule: InverseSqrt, stretch: Stretch) -> Body:
    """Compile η₀ / √(1 + t/s)."""
    curve = curves.inverse_sqrt(schedule.initial_lr, _scale(schedule, stretch), **_stairs(schedule, stretch))
    return _decay(curve, schedule, stretch, "falls ever more slowly, without an end")


def cosine(schedule: Cosine, stretch: Stretch) -> Body:
    """Compile η₁ + (η₀ − η₁) · (1 + cos(π t/(N−1))) / 2."""
    curve = curves.cosine(schedule.initial_lr, schedule.final_lr, stretch.steps)
    return single_phase(curve, stretch.steps, "decay", "cosine", "leaves slowly, falls fast, arrives slowly")


COMPILERS: Mapping[type[CurveBase], Compiler[Any]] = {
    Constant: Compiler(curves.constant, constant),
    Power: Compiler(curves.power, power),
    Exponential: Compiler(curves.exponential, exponential),
    Linear: Compiler(curves.linear, linear),
    Polynomial: Compiler(curves.polynomial, polynomial),
    InverseSqrt: Compiler(curves.inverse_sqrt, inverse_sqrt),
    Cosine: Compiler(curves.cosine, cosine),
}
