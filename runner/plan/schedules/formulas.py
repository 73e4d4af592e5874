"""Kinds that one formula covers from the first step to the last."""

from runner import curves
from runner.plan.schedules.body import Body, single_phase
from runner.plan.schedules.stretch import Stretch
from schemas.schedule import Constant, Cosine, Exponential, InverseSqrt, Linear, Polynomial, Power

EVERY = ("decay_every",)


def constant(schedule: Constant, stretch: Stretch) -> Body:
    """Compile η₀."""
    curve = curves.constant(schedule.learning_rate)
    return single_phase(curve, stretch.steps, "constant", "constant", "one learning rate throughout")


def power(schedule: Power, stretch: Stretch) -> Body:
    """Compile η₀ / (1 + t/s)^c."""
    scale = stretch.time_scale(schedule.decay_every, EVERY)
    curve = curves.power(schedule.initial_lr, scale, exponent=schedule.power, staircase=schedule.staircase)
    return single_phase(curve, stretch.steps, "decay", "power", "falls fast at first, then more and more slowly")


def exponential(schedule: Exponential, stretch: Stretch) -> Body:
    """Compile η₀ · r^(t/s)."""
    curve = curves.exponential(
        schedule.initial_lr,
        stretch.time_scale(schedule.decay_every, EVERY),
        rate=schedule.decay_rate,
        stair=stretch.per_epoch if schedule.staircase else None,
        offset=stretch.offset,
    )
    return single_phase(curve, stretch.steps, "decay", "exponential", "falls by the same factor in equal times")


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
    curve = curves.inverse_sqrt(schedule.initial_lr, stretch.time_scale(schedule.decay_every, EVERY))
    return single_phase(curve, stretch.steps, "decay", "inverse_sqrt", "falls ever more slowly, without an end")


def cosine(schedule: Cosine, stretch: Stretch) -> Body:
    """Compile η₁ + (η₀ − η₁) · (1 + cos(π t/(N−1))) / 2."""
    curve = curves.cosine(schedule.initial_lr, schedule.final_lr, stretch.steps)
    return single_phase(curve, stretch.steps, "decay", "cosine", "leaves slowly, falls fast, arrives slowly")
