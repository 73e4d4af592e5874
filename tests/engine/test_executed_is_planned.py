"""What the optimizer's variables held, step by step, is what ``recipe plan`` prints: to the last bit, for all kinds.

The engine is compiled once for each way to make an update and trains every schedule in turn.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from runner.cli.schedule_examples import EXAMPLES
from runner.engine import trainer as trainer_module
from runner.events import PlateauCut
from runner.plan.plan import make_plan
from tests.engine.problem import BASE, Problem
from tests.engine.test_trainer import fixed_pace

WAYS: dict[str, dict[str, Any]] = {
    "plain": {},
    "accumulation 4": {"training": {"epochs": 10, "accumulate": 4}},
    "mixed float16": {"hardware": {"precision": "mixed_float16"}},
}
PACES = {"plain": (1, 7, 64), "accumulation 4": (7,), "mixed float16": (64,)}


@pytest.fixture(scope="module", params=WAYS)
def compiled(request: pytest.FixtureRequest) -> Iterator[tuple[str, Problem]]:
    case = {"training": {"epochs": 10}, "schedule": {"kind": "1cycle", "max_lr": 0.1}, **WAYS[request.param]}
    problem = Problem.make(np.random.default_rng(7), n=77, **case)
    trainer = problem.trainer()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trainer_module, "compile_steps", lambda *arguments: trainer.run_steps)
        patch.setattr(trainer_module, "compile_evaluation", lambda *arguments: trainer.validate)
        yield request.param, problem


def with_schedule(problem: Problem, kind: str) -> Problem:
    """The same learner under another schedule; a plateau's validation is so hard to please that it cuts often."""
    schedule = {"kind": kind, **EXAMPLES[kind], **({"min_delta": 10.0} if kind == "plateau" else {})}
    recipe = type(problem.plan.recipe).model_validate({**BASE, "schedule": schedule, "training": {"epochs": 10}})
    return replace(problem, plan=make_plan(recipe, problem.plan.data), events=[])


def executed(problem: Problem) -> tuple[list[float], list[float]]:
    steps = problem.steps()
    assert [event.first_step for event in steps] == np.cumsum([0, *(len(e.loss) for e in steps[:-1])]).tolist()
    momenta = [event.momentum for event in steps]
    assert all(momentum is not None for momentum in momenta)
    return ([rate for event in steps for rate in event.learning_rate],
            [value for momentum in momenta for value in momentum or ()])  # fmt: skip


def planned(problem: Problem) -> tuple[Any, Any]:
    """The plan's curves, with each cut of the plateau acting from its step on."""
    plan, scale = problem.plan, 1.0
    cuts = {event.step: event.scale for event in problem.events if isinstance(event, PlateauCut)}
    rates, momenta = [], []
    for step in range(plan.steps):
        scale = cuts.get(step, scale)
        rate, momentum = plan.schedule.evaluate(step, scale=scale)
        rates.append(rate)
        momenta.append(momentum)
    return np.array(rates), np.array(momenta)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_step_has_the_planned_learning_rate_and_momentum(
    compiled: tuple[str, Problem], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    way, problem = compiled
    for pace in PACES[way]:
        monkeypatch.setattr(trainer_module, "Pace", fixed_pace(pace))
        case = with_schedule(problem, kind)
        case.train()
        for ours, wanted in zip(executed(case), planned(case), strict=True):
            assert np.array_equal(np.array(ours, np.float32), wanted)
        cuts = sum(isinstance(event, PlateauCut) for event in case.events)
        assert cuts == (4 if kind == "plateau" else 0)
        assert max(len(event.loss) for event in case.steps()) == min(pace, 10)


def test_every_kind_is_tried() -> None:
    assert len(EXAMPLES) == 14
