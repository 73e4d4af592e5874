"""The pieces of a schedule, wherever the recipe writes them: on a plateau, on its base, or alone."""

from collections.abc import Iterator
from typing import NamedTuple

from schemas.findings import Path
from schemas.recipe import Recipe
from schemas.schedule import (
    BaseSchedule,
    Constant,
    Cyclic,
    FromTo,
    MomentumFromTo,
    MomentumPhase,
    MomentumPhases,
    OneCycle,
    Phases,
    Piecewise,
    Plateau,
    Schedule,
    Warmup,
    WeightDecayFromTo,
    WeightDecayPhase,
    WeightDecayPhases,
)

PATH: Path = ("schedule",)
Ends = tuple[float, float]
"""A value at the start of a phase and at its end."""


def written(recipe: Recipe) -> Iterator[tuple[Schedule, Path]]:
    """The schedule and, under a plateau, its base."""
    if recipe.schedule is not None:
        yield recipe.schedule, PATH
        if isinstance(recipe.schedule, Plateau) and recipe.schedule.base is not None:
            yield recipe.schedule.base, (*PATH, "base")


def base_of(recipe: Recipe) -> tuple[BaseSchedule | None, Path]:
    """The curve without what reacts to a monitor; None where a plateau multiplies a constant."""
    schedule = recipe.schedule
    if isinstance(schedule, Plateau):
        return schedule.base, (*PATH, "base")
    return schedule, PATH


class RatePlace(NamedTuple):
    """Where a recipe sets how large its learning rate gets."""

    path: Path
    single: bool
    """Whether one number stands there."""


def rate_place(recipe: Recipe) -> RatePlace:
    """The key of the learning rate: the schedule's or its base's, or the optimizer's where there is no schedule."""
    schedule = recipe.schedule
    if schedule is None:
        return RatePlace(("optimizer", "learning_rate"), True)
    base, path = base_of(recipe)
    if base is None:  # a plateau over a constant
        return RatePlace((*PATH, schedule.rate_key), True)
    return RatePlace((*path, base.rate_key), base.has_one_rate)


def warmup_of(recipe: Recipe) -> tuple[Warmup, Path] | None:
    """The ramp before the schedule; a plateau's wins, and writing both is another rule's error."""
    for schedule, path in written(recipe):
        if schedule.warmup is not None:
            return schedule.warmup, (*path, "warmup")
    return None


def ramp_ends(recipe: Recipe) -> tuple[Path, Warmup, Ends] | None:
    """A warm-up with its first value and the one it leads to, where the recipe alone tells."""
    warmup, goal = warmup_of(recipe), first_rate(recipe)
    if warmup is None or goal is None or (warmup[0].overlap and not _is_constant(recipe)):
        return None
    return warmup[1], warmup[0], (warmup[0].from_, goal)


def _is_constant(recipe: Recipe) -> bool:
    base, _ = base_of(recipe)
    return base is None or isinstance(base, Constant)


class OwnTable(NamedTuple):
    """Momentum or weight decay as a table of its own, beside the learning rate's."""

    what: str
    """``momentum`` or ``weight decay``."""
    rows: tuple[MomentumPhase | WeightDecayPhase, ...]
    ways: list[Ends]
    """First and last value of each row."""
    path: Path
    """Of the rows."""
    values: list[Path]
    """Where each row has its value."""


def own_tables(recipe: Recipe) -> Iterator[OwnTable]:
    """Every table of momentum or weight decay."""
    for schedule, path in written(recipe):
        if isinstance(schedule.momentum, MomentumPhases):
            rows, place = schedule.momentum.phases, (*path, "momentum", "phases")
            ways = [ends(row.momentum) for row in rows]
            yield OwnTable("momentum", rows, ways, place, [(*place, k, "momentum") for k in range(len(rows))])
        if isinstance(schedule.weight_decay, WeightDecayPhases):
            decays, place = schedule.weight_decay.phases, (*path, "weight_decay", "phases")
            ways = [ends(row.weight_decay) for row in decays]
            yield OwnTable("weight decay", decays, ways, place, [(*place, k, "weight_decay") for k in range(len(ways))])


def ends(value: float | FromTo | MomentumFromTo | WeightDecayFromTo) -> Ends:
    """First and last value of a row, which may be one value."""
    return (value, value) if isinstance(value, float) else (value.from_, value.to)


def rates_of_cycle(schedule: OneCycle) -> tuple[float, float, float]:
    """η₀, η₁ and the final rate of 1cycle, with its defaults."""
    initial = schedule.max_lr / 10 if schedule.initial_lr is None else schedule.initial_lr
    return initial, schedule.max_lr, initial / 1000 if schedule.final_lr is None else schedule.final_lr


def first_rate(recipe: Recipe) -> float | None:
    """Learning rate that the schedule starts with, behind any warm-up."""
    base, _ = base_of(recipe)
    match base:
        case None:
            return recipe.schedule.learning_rate if isinstance(recipe.schedule, Plateau) else None
        case Constant():
            return base.learning_rate
        case Piecewise():
            return base.values[0]
        case Cyclic():
            return base.min_lr
        case OneCycle():
            return rates_of_cycle(base)[0]
        case Phases():
            return ends(base.phases[0].learning_rate)[0]
        case _:
            return base.initial_lr
