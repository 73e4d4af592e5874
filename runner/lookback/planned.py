"""The schedule that a run was planned with, made again from the recipe in its lock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from runner.errors import ScheduleError
from runner.lookback.recorded_run import Past
from runner.plan.defaults import effective_schedule
from runner.plan.schedule import CompiledSchedule, compile_schedule
from runner.plots.sampled_steps import Track, kind_of, sample_steps
from schemas.recipe import Recipe

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Planned:
    """The curves of the plan."""

    recipe: Recipe
    schedule: CompiledSchedule
    kind: str
    """Of the schedule, in words."""
    steps: NDArray[np.int64]
    """Enough to draw the curves faithfully."""
    learning_rate: Numbers
    momentum: Numbers | None

    def gap(self, past: Past) -> float | None:
        """The largest difference between planned and executed learning rate; None where a plateau has cut it."""
        if past.cuts or not past.curves.steps:
            return None
        rates = self.schedule.evaluate(np.asarray(past.curves.steps, dtype=np.int64))["learning_rate"]
        executed = np.asarray(past.curves.learning_rate, dtype=np.float64).astype(np.float32)
        return float(np.max(np.abs(rates - executed)))


def planned(past: Past) -> Planned | None:
    """The plan of a run; None where its lock has no recipe of this language, or none that fits its steps."""
    if past.started.steps < 1 or past.started.steps_per_epoch < 1:
        return None
    recipe = recipe_of(past.papers.recipe)
    if recipe is None:
        return None
    schedule = effective_schedule(recipe)
    try:
        compiled = compile_schedule(
            schedule,
            steps=past.started.steps,
            steps_per_epoch=past.started.steps_per_epoch,
            base_momentum=recipe.optimizer.driven_momentum,
            base_weight_decay=recipe.optimizer.weight_decay,
        )
    except ScheduleError:
        return None  # the steps in the record are not those of this recipe
    if compiled.unread is not None:
        return None  # looking back imports no code
    kind = kind_of(schedule)
    steps = sample_steps(Track(recipe.name, kind, compiled, past.started.steps, past.started.steps_per_epoch))
    values = {name: array.astype(np.float64) for name, array in compiled.evaluate(steps).items()}
    return Planned(recipe, compiled, kind, steps, values["learning_rate"], values.get("momentum"))


def recipe_of(values: Mapping[str, Any]) -> Recipe | None:
    """The recipe that a lock holds; None where it is none of this language."""
    try:
        return Recipe.model_validate(values, by_alias=True, by_name=True)
    except (ValidationError, RecursionError):
        return None
