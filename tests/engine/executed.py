"""Trains every kind of schedule with one compiled engine, and compares what acted with the plan, to the last bit."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from runner.engine.loop import stepper as stepper_module
from runner.engine.loop import trainer as trainer_module
from runner.engine.loop.loop_parts import Training
from runner.engine.loop.validating import Validator
from runner.events import PlateauCut
from runner.plan.make_plan import make_plan
from tests.engine.problem import BASE, Problem
from tests.engine.test_trainer import fixed_pace
from tests.schedule_examples import EXAMPLES

DECAY = {
    "phases": [
        {"duration": "30%", "weight_decay": {"from": 0, "to": 0.1}},
        {"duration": "70%", "weight_decay": {"from": 0.1, "to": 0.03}, "curve": "cosine"},
    ]
}
DRIVEN: dict[str, Any] = {
    "optimizer": {"kind": "adamw"},
    "schedule": {"kind": "1cycle", "max_lr": 0.1, "weight_decay": DECAY},
}
"""A weight decay that moves too."""


def sharing(validator: Validator, training: Training) -> Validator:
    """A validator of the same learner's next training, with the functions that are compiled already."""
    shared = copy(validator)
    shared.training, shared.planned = training, training.plan.validation
    return shared


@contextmanager
def compiled_once(problem: Problem) -> Iterator[None]:
    """Trainers made within the block train and validate by the compiled functions of this problem."""
    trainer = problem.trainer()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stepper_module, "compile_steps", lambda *arguments: trainer.stepper.run_steps)
        patch.setattr(trainer_module, "Validator", lambda training, split: sharing(trainer.validator, training))
        yield


def under(problem: Problem, kind: str, pace: int) -> Problem:
    """The same learner, trained under another schedule; a plateau's validation is so hard to please that it cuts often.

    A weight decay of the problem's own schedule stays.
    """
    own = problem.plan.recipe
    assert own.schedule is not None
    decay = {"weight_decay": DECAY} if own.schedule.weight_decay is not None else {}
    hard = {"min_delta": 10.0} if kind == "plateau" else {}
    schedule = {"kind": kind, **EXAMPLES[kind], **hard, **decay}
    tree = {**BASE, "optimizer": own.optimizer.model_dump(), "schedule": schedule, "training": {"epochs": 10}}
    case = replace(problem, plan=make_plan(type(own).model_validate(tree), problem.plan.data), events=[])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trainer_module, "CallLength", fixed_pace(pace))
        case.train()
    return case


def cuts(problem: Problem) -> dict[int, float]:
    """Scales of a plateau, by the step from which they act."""
    return {event.step: event.scale for event in problem.events if isinstance(event, PlateauCut)}


def executed(problem: Problem) -> dict[str, list[float]]:
    """What was read back, step by step; no weight decay where none is driven."""
    steps = problem.steps()
    assert [event.first_step for event in steps] == np.cumsum([0, *(len(e.loss) for e in steps[:-1])]).tolist()
    names = ("learning_rate", "momentum", "weight_decay")
    return {name: [value for event in steps for value in getattr(event, name) or ()] for name in names}


def planned(problem: Problem) -> dict[str, list[float]]:
    """The plan's curves, with each cut of the plateau acting from its step on."""
    plan, scale, scales = problem.plan, 1.0, cuts(problem)
    rates: list[float] = []
    for step in range(plan.steps):
        scale = scales.get(step, scale)
        rates.append(float(plan.schedule.evaluate(step, scale=scale)["learning_rate"]))
    values = plan.schedule.evaluate(np.arange(plan.steps))
    others = {name: values[name].tolist() if name in values else [] for name in ("momentum", "weight_decay")}
    return {"learning_rate": rates, **others}


def differing(problem: Problem) -> dict[str, int]:
    """How many steps differ from the plan in float32, of each value; the plan's length is compared as well."""
    ours, wanted = executed(problem), planned(problem)
    return {name: different(ours[name], wanted[name]) for name in wanted}


def different(ours: list[float], wanted: list[float]) -> int:
    if len(ours) != len(wanted):
        return abs(len(ours) - len(wanted))
    return int(np.sum(np.array(ours, np.float32) != np.array(wanted, np.float32)))
