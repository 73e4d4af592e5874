"""From a recipe and the facts of its data to the plan."""

import math
from pathlib import Path as FilePath
from typing import Literal

from runner.curves import segments
from runner.data.facts import DataFacts
from runner.errors import DataError
from runner.plan.data_checks import check_data
from runner.plan.defaults import best_of, effective_schedule, fallback_of, loss_of, metrics_of
from runner.plan.fingerprint import fingerprint
from runner.plan.inferred import inferred
from runner.plan.inputs import taken_inputs
from runner.plan.layers import PlannedLayer, expand
from runner.plan.outputs import PlannedOutput, planned_outputs, with_targets
from runner.plan.plan import Plan
from runner.plan.schedule import CompiledSchedule, compile_schedule
from runner.plan.schedules.dropout import FACTOR, dropout_table
from runner.plan.schedules.groups import plan_groups
from runner.plan.smoothing import smoothing_of
from runner.plan.validation import plan_validation
from schemas.data import DataBase, Fallback
from schemas.recipe import Recipe
from schemas.schedule import Schedule
from schemas.training import Training


def make_plan(recipe: Recipe, data: DataFacts, *, fallback: str | None = None) -> Plan:
    """Make a recipe definite.

    Args:
        recipe: a valid recipe.
        data: facts of the data that trains: the recipe's, or its fallback's.
        fallback: why the fallback trains; None when the recipe's own data does.

    Raises:
        ScheduleError: when the schedule does not fit the run's length.
        DataError: when the data does not fit the task.
    """
    data = with_targets(recipe, data)
    check_data(recipe, data)
    steps_per_epoch = _steps_per_epoch(recipe, data)
    steps = _length(recipe.training, steps_per_epoch)
    schedule = effective_schedule(recipe)
    outputs = planned_outputs(recipe, data)
    layers = _layers(recipe, data, outputs)
    loss = loss_of(recipe, layers)
    metrics = tuple(name for output in outputs for name in output.figures) or metrics_of(recipe)
    best = best_of(recipe.training, data)
    used = None if fallback is None else fallback_of(recipe)
    return Plan(
        recipe=recipe,
        data=data,
        fallback=fallback,
        scale=_scale(recipe, used),
        center=isinstance(recipe.data, DataBase) and recipe.data.center,
        batch_size=recipe.data.batch_size,
        steps=steps,
        epochs=math.ceil(steps / steps_per_epoch),
        steps_per_epoch=steps_per_epoch,
        layers=layers,
        loss=loss,
        metrics=metrics,
        best=best,
        schedule=compiled(recipe, schedule, steps, steps_per_epoch),
        fingerprint=fingerprint(recipe, data.identity),
        expect=dict((used or recipe).expect),
        untested={} if used is None else dict(recipe.expect),
        outputs=outputs,
        inferred=tuple(inferred(recipe, layers, loss, metrics, best, schedule)),
        validation=plan_validation(recipe.training, data, steps=steps, steps_per_epoch=steps_per_epoch),
    )


def _layers(recipe: Recipe, data: DataFacts, outputs: tuple[PlannedOutput, ...]) -> tuple[PlannedLayer, ...]:
    """The model's layers, with repeats written out and the outputs that the data asks for."""
    return expand(
        recipe.model,
        data.classes,
        data.vocabulary,
        targets=max(len(data.targets), 1),
        labels=data.labels,
        steps=data.next_token,
        taken=taken_inputs(recipe.model, data),
        outputs=outputs,
    )


def _length(training: Training, steps_per_epoch: int) -> int:
    """Steps of the run: the first end of those that the recipe gives."""
    ends = [training.steps, training.epochs and training.epochs * steps_per_epoch]
    given = [end for end in ends if end is not None]
    if not given:
        raise ValueError("training: epochs or steps must be given; received neither")
    return min(given)


def _steps_per_epoch(recipe: Recipe, data: DataFacts) -> int:
    size = recipe.data.batch_size
    if not recipe.data.drop_remainder:
        return math.ceil(data.train / size)
    if data.train < size:
        raise DataError(
            f"drop_remainder leaves nothing to train: the {data.train:,} examples of {data.name!r} do not fill a batch "
            f"of {size:,}",
            f"take a batch_size of {data.train} or less, or remove drop_remainder",
        )
    return data.train // size


def compiled(
    recipe: Recipe, schedule: Schedule, steps: int, steps_per_epoch: int, code: FilePath | None = None
) -> CompiledSchedule:
    """The curves of everything that is driven.

    Args:
        recipe: says what else is driven.
        schedule: the effective one.
        steps: of the run.
        steps_per_epoch: optimizer steps an epoch.
        code: where custom code may be imported from; None: it may not.

    Raises:
        ScheduleError: when the schedule does not fit the run's length.
    """
    found = compile_schedule(
        schedule,
        steps=steps,
        steps_per_epoch=steps_per_epoch,
        base_momentum=recipe.optimizer.driven_momentum,
        base_weight_decay=recipe.optimizer.weight_decay,
        code=code,
    )
    smoothing = smoothing_of(recipe.training.label_smoothing, steps, steps_per_epoch)
    found = found.with_driven("label_smoothing", smoothing)
    for group in plan_groups(recipe.groups, steps, steps_per_epoch):
        found = found.with_driven(group.hyperparameter, group.curve)
    table = dropout_table(recipe.model.dropout_factor, steps, steps_per_epoch)
    return found.with_driven(FACTOR, segments(table) if table else None)


def _scale(recipe: Recipe, used: Fallback | None) -> float | Literal["standard"] | None:
    """The factor of the inputs: the fallback's where it trains and has one."""
    if used is not None and used.scale is not None:
        return used.scale
    return recipe.data.scale if isinstance(recipe.data, DataBase) else None
