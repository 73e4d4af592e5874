"""The compiled engine against plain NumPy: the momentum on screen is the momentum that acts."""

from collections.abc import Callable
from typing import Any

import pytest
import tensorflow as tf

from runner.model.optimizer import BuiltOptimizer
from tests.engine.problem import Problem
from tests.engine.reference import Update, adam, decayed, nadam, rmsprop, sgd
from tests.engine.replay import largest_difference, replay

CYCLE = {"kind": "1cycle", "max_lr": 0.05, "momentum": {"high": 0.95, "low": 0.6}}
SMALL_CYCLE = {**CYCLE, "max_lr": 0.005}

CASES: list[Any] = [
    pytest.param({"kind": "sgd"}, CYCLE, lambda: sgd(nesterov=False), id="sgd"),
    pytest.param({"kind": "sgd", "nesterov": True}, CYCLE, lambda: sgd(nesterov=True), id="nesterov"),
    pytest.param({"kind": "rmsprop"}, SMALL_CYCLE, rmsprop, id="rmsprop"),
    pytest.param(
        {"kind": "rmsprop", "centered": True, "epsilon": 1e-3},
        SMALL_CYCLE,
        lambda: rmsprop(epsilon=1e-3, centered=True),
        id="rmsprop-centered",
    ),
    pytest.param({"kind": "adam"}, SMALL_CYCLE, adam, id="adam"),
    pytest.param({"kind": "adamw", "weight_decay": 0.0}, SMALL_CYCLE, adam, id="adamw"),
    pytest.param({"kind": "nadam", "epsilon": 1e-3}, SMALL_CYCLE, lambda: nadam(epsilon=1e-3), id="nadam"),
    # the decay is by the learning rate of the step, which the loop drives
    pytest.param({"kind": "adamw", "weight_decay": 1.0}, SMALL_CYCLE, lambda: decayed(adam(), 1.0), id="adamw-decayed"),
    pytest.param({"kind": "sgd", "weight_decay": 0.1}, CYCLE, lambda: decayed(sgd(False), 0.1), id="sgd-decayed"),
]


@pytest.mark.parametrize(("optimizer", "schedule", "make_update"), CASES)
def test_fifty_steps_with_cycling_momentum_equal_numpy(
    problem: Callable[..., Problem],
    optimizer: dict[str, Any],
    schedule: dict[str, Any],
    make_update: Callable[[], Update],
) -> None:
    case = problem(optimizer=optimizer, schedule=schedule)
    assert case.plan.steps == 50
    wanted, _ = replay(case, make_update())
    case.train()
    assert largest_difference(case.learner.model.get_weights(), wanted) < 1e-5


@pytest.mark.parametrize(("optimizer", "schedule", "make_update"), CASES)
def test_a_momentum_that_does_not_act_is_seen(
    problem: Callable[..., Problem],
    optimizer: dict[str, Any],
    schedule: dict[str, Any],
    make_update: Callable[[], Update],
) -> None:
    """The step reads its momentum from a variable that nobody drives; the driven one is read back, and lies."""
    case = problem(optimizer=optimizer, schedule=schedule)
    wanted, _ = replay(case, make_update())
    built = case.learner.optimizer
    lying = {**built.variables, "momentum": tf.Variable(float(built.variables["momentum"].numpy()))}
    object.__setattr__(case.learner, "optimizer", BuiltOptimizer(built.optimizer, lying))
    case.train()
    assert largest_difference(case.learner.model.get_weights(), wanted) > 1e-4
