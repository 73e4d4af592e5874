"""A weight decay that a schedule drives: the value that is recorded is the value that acts."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from runner.errors import ScheduleMismatch
from runner.lr_find.range_test import Range, RangeTest
from runner.model.optimizer import BuiltOptimizer
from tests.engine.problem import Problem
from tests.engine.reference import Array, Update, adam, rmsprop, sgd
from tests.engine.replay import largest_difference, replay

Make = Callable[..., Problem]

WAVE = {
    "phases": [
        {"duration": "30%", "weight_decay": {"from": 0, "to": 4}},
        {"duration": "30%", "weight_decay": {"from": 4, "to": 0.5}, "curve": "exponential"},
        {"duration": "40%", "weight_decay": {"from": 3, "to": 1}, "curve": "cosine", "jump": True},
    ]
}
CYCLE = {"kind": "1cycle", "max_lr": 0.02, "momentum": {"high": 0.95, "low": 0.6}, "weight_decay": WAVE}
CASES: list[Any] = [
    pytest.param({"kind": "adamw"}, adam, id="adamw"),
    pytest.param({"kind": "adam", "weight_decay": 0.1, "epsilon": 1e-3}, lambda: adam(epsilon=1e-3), id="adam"),
    pytest.param({"kind": "sgd", "weight_decay": 0.0, "nesterov": True}, lambda: sgd(True), id="nesterov"),
    pytest.param(
        {"kind": "rmsprop", "weight_decay": 0.0, "epsilon": 1e-3}, lambda: rmsprop(epsilon=1e-3), id="rmsprop"
    ),
]
EVERY_KIND = [
    "sgd", "rmsprop", "adam", "adamw", "nadam", "adamax", "lamb", "lion", "adagrad", "adadelta", "adafactor", "ftrl",
    "muon",
]  # fmt: skip


def decayed_along(update: Update, decays: Any) -> Update:
    """w ← w − η·λ·w before the update, with η and λ of that step."""
    left = iter(decays)

    def decay_first(weights: list[Array], gradients: list[Array], rate: float, momentum: float) -> None:
        weight_decay = float(next(left))
        weights[:] = [w - rate * weight_decay * w for w in weights]
        update(weights, gradients, rate, momentum)

    return decay_first


def wanted_weights(case: Problem, update: Update) -> list[Array]:
    assert case.plan.steps == 50
    weights, _ = replay(case, decayed_along(update, case.plan.schedule.evaluate(np.arange(50))["weight_decay"]))
    return weights


@pytest.mark.parametrize(("optimizer", "make_update"), CASES)
def test_fifty_steps_with_moving_weight_decay_equal_numpy(
    problem: Make, optimizer: dict[str, Any], make_update: Callable[[], Update]
) -> None:
    case = problem(optimizer=optimizer, schedule=CYCLE)
    wanted = wanted_weights(case, make_update())
    case.train()
    assert largest_difference(case.learner.model.get_weights(), wanted) < 1e-5


@pytest.mark.parametrize(("optimizer", "make_update"), CASES)
def test_a_weight_decay_that_does_not_act_is_seen(
    problem: Make, optimizer: dict[str, Any], make_update: Callable[[], Update]
) -> None:
    """The step decays by a variable that nobody drives; the driven one is read back, and lies."""
    case = problem(optimizer=optimizer, schedule=CYCLE)
    wanted = wanted_weights(case, make_update())
    built = case.learner.optimizer
    lying = {**built.variables, "weight_decay": tf.Variable(float(built.variables["weight_decay"].numpy()))}
    object.__setattr__(case.learner, "optimizer", BuiltOptimizer(built.optimizer, lying))
    case.train()
    assert largest_difference(case.learner.model.get_weights(), wanted) > 1e-3


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_the_curve_drives_the_weight_decay_of_every_optimizer(problem: Make, kind: str) -> None:
    """The same constant as a number of the optimizer's and as a curve makes the same weights, to the last bit."""
    optimizer, constant = {"kind": kind, "weight_decay": 0.5}, {"kind": "constant", "learning_rate": 0.05}
    own = problem(optimizer=optimizer, schedule=constant, training={"epochs": 1})
    driven = problem(
        optimizer={**optimizer, "weight_decay": 0.0},
        schedule={**constant, "weight_decay": 0.5},
        training={"epochs": 1},
    )
    own.train()
    driven.train()
    pairs = zip(own.learner.model.get_weights(), driven.learner.model.get_weights(), strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)


def test_what_is_recorded_is_read_back_and_equals_the_plan(problem: Make) -> None:
    case = problem(optimizer={"kind": "adamw"}, schedule=CYCLE)
    case.train()
    told = [value for event in case.steps() for value in event.weight_decay or ()]
    assert np.array_equal(np.array(told, np.float32), case.plan.schedule.evaluate(np.arange(50))["weight_decay"])


def test_without_a_curve_there_is_nothing_to_drive(problem: Make) -> None:
    case = problem(optimizer={"kind": "adamw"}, training={"epochs": 1})
    case.train()
    assert case.learner.hyperparameters.keys() == {"learning_rate", "momentum"}
    assert [event.weight_decay for event in case.steps()] == [None] * len(case.steps())


def test_the_optimizers_own_number_stays_what_it_was(problem: Make) -> None:
    case = problem(optimizer={"kind": "adamw", "weight_decay": 0.25}, schedule=CYCLE)
    case.train()
    assert case.learner.optimizer.optimizer.get_config()["weight_decay"] == 0.25


def test_a_plan_and_an_optimizer_that_disagree_end_the_run(problem: Make) -> None:
    case = problem(optimizer={"kind": "adamw"}, schedule=CYCLE)
    plain = problem(optimizer={"kind": "adamw"}, schedule={"kind": "1cycle", "max_lr": 0.02})
    case.learner = plain.learner
    trainer = case.trainer()
    with pytest.raises(ScheduleMismatch, match="disagree on whether there is a weight decay"):
        trainer.run()


def test_the_range_test_holds_the_first_value(problem: Make) -> None:
    case = problem(optimizer={"kind": "adamw"}, schedule=CYCLE)
    test = RangeTest(case.plan, case.learner, case.dataset)
    seen, honest = [], test.run_steps

    def noting(*arguments: Any) -> Any:
        values = honest(*arguments)
        seen.extend(values.hyperparameters["weight_decay"].tolist())
        return values

    test.run_steps = noting  # type: ignore[assignment]
    test.sweep(Range(1e-5, 1e-3, 20), seed=1)
    assert seen == [0.0] * 20
