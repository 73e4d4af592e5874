"""What the optimizer's variables held, step by step, is what ``recipe plan`` prints: to the last bit, for all kinds.

The engine is compiled once for each way to make an update and trains every schedule in turn.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.engine.driven import answers_of
from tests.engine.executed import DRIVEN, compiled_once, cuts, differing, executed, under
from tests.engine.problem import Problem
from tests.schedule_examples import EXAMPLES

CYCLE = {"schedule": {"kind": "1cycle", "max_lr": 0.1}}
WAYS: dict[str, dict[str, Any]] = {
    "plain": CYCLE,
    "accumulation 4": {**CYCLE, "training": {"epochs": 10, "accumulate": 4}},
    "mixed float16": {**CYCLE, "hardware": {"precision": "mixed_float16"}},
    "weight decay": DRIVEN,
}
PACES = {"plain": (1, 7, 64), "accumulation 4": (7,), "mixed float16": (64,), "weight decay": (7,)}
EXACT = {"learning_rate": 0, "momentum": 0, "weight_decay": 0}


@pytest.fixture(scope="module", params=WAYS)
def compiled(request: pytest.FixtureRequest) -> Iterator[tuple[str, Problem]]:
    problem = Problem.make(np.random.default_rng(7), n=77, **{"training": {"epochs": 10}, **WAYS[request.param]})
    with compiled_once(problem):
        yield request.param, problem


@pytest.fixture(scope="module")
def mirrored() -> dict[str, Any]:
    """What each kind did on two logical devices."""
    answers = answers_of("executed_driver")
    assert answers["replicas"] == 2
    kinds = answers["kinds"]
    assert isinstance(kinds, dict)
    return kinds


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_step_has_the_planned_values(compiled: tuple[str, Problem], kind: str) -> None:
    way, problem = compiled
    for pace in PACES[way]:
        case = under(problem, kind, pace)
        assert differing(case) == EXACT
        assert len(executed(case)["weight_decay"]) == (100 if way == "weight decay" else 0)
        assert len(cuts(case)) == (4 if kind == "plateau" else 0)
        assert max(len(event.loss) for event in case.steps()) == min(pace, 10)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_step_has_the_planned_values_on_two_devices(mirrored: dict[str, Any], kind: str) -> None:
    assert mirrored[kind] == {
        "differing": EXACT,
        "steps": {"learning_rate": 100, "momentum": 100, "weight_decay": 100},
        "cuts": 4 if kind == "plateau" else 0,
    }


def test_every_kind_is_tried() -> None:
    assert len(EXAMPLES) == 14
