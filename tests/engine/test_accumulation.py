"""A batch in micro-batches is the batch as a whole."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from runner.data.examples import example_order
from runner.events import EpochEnded
from tests.engine.problem import Problem
from tests.engine.reference import sgd
from tests.engine.replay import largest_difference, losses_of, replay

Make = Callable[..., Problem]
SCHEDULE = {"kind": "1cycle", "max_lr": 0.1}
PENALTY = {"kind": "dense", "units": 5, "activation": "tanh", "kernel_regularizer": {"l2": 0.3}}


def trained(make: Make, accumulate: int, **case: Any) -> Problem:
    training = {"epochs": 5, "accumulate": accumulate, **case.pop("training", {})}
    problem = make(**{"n": 77, "training": training, "schedule": SCHEDULE, **case})
    problem.train()
    return problem


def epoch_metrics(problem: Problem) -> list[float]:
    ended = [event for event in problem.events if isinstance(event, EpochEnded)]
    return [value for event in ended for value in event.metrics.values()]


# 77 examples in batches of 8 leave a tail of 5; 3 and 5 divide neither the batch nor the tail
@pytest.mark.parametrize("accumulate", [2, 3, 4, 5, 8])
@pytest.mark.parametrize("optimizer", [{"kind": "sgd", "nesterov": True}, {"kind": "adam", "epsilon": 1e-3}])
def test_micro_batches_train_as_the_whole_batch_does(problem: Make, accumulate: int, optimizer: dict[str, Any]) -> None:
    whole, divided = (trained(problem, n, optimizer=optimizer) for n in (1, accumulate))
    assert largest_difference(divided.learner.model.get_weights(), whole.learner.model.get_weights()) < 1e-5
    np.testing.assert_allclose(losses_of(divided), losses_of(whole), atol=1e-5)
    np.testing.assert_allclose(epoch_metrics(divided), epoch_metrics(whole), atol=1e-5)
    assert divided.learner.optimizer.optimizer.iterations == divided.plan.steps == whole.plan.steps == 50


def test_micro_batches_train_as_numpy_does(problem: Make) -> None:
    case = problem(n=77, training={"epochs": 5, "accumulate": 3}, schedule=SCHEDULE)
    wanted, losses = replay(case, sgd(nesterov=False))
    case.train()
    assert largest_difference(case.learner.model.get_weights(), wanted) < 1e-5
    np.testing.assert_allclose(losses_of(case), losses, atol=1e-5)


def test_a_penalty_counts_once(problem: Make) -> None:
    model = {"kind": "sequential", "layers": [PENALTY]}
    whole, divided = (trained(problem, n, model=model) for n in (1, 3))
    assert largest_difference(divided.learner.model.get_weights(), whole.learner.model.get_weights()) < 1e-5
    np.testing.assert_allclose(losses_of(divided), losses_of(whole), atol=1e-5)


def test_more_micro_batches_than_the_tail_has_examples_are_left_out(problem: Make) -> None:
    whole, divided = (trained(problem, n, n=9) for n in (1, 8))
    assert [event.examples for event in divided.steps()] == [event.examples for event in whole.steps()]
    assert largest_difference(divided.learner.model.get_weights(), whole.learner.model.get_weights()) < 1e-5


def test_batch_normalisation_sees_micro_batches(problem: Make) -> None:
    """Its moving mean after one update is that of two half batches, one after another."""
    model = {"kind": "sequential", "layers": [{"kind": "batch_normalization", "momentum": 0.5}]}
    case = problem(n=8, model=model, training={"epochs": 1, "accumulate": 2})
    case.train()
    x = case.dataset.train.x[example_order(3, 0, 8)]
    (layer,) = (layer for layer in case.learner.model.layers if "batch" in layer.name)
    np.testing.assert_allclose(layer.moving_mean, 0.25 * x[:4].mean(0) + 0.5 * x[4:].mean(0), rtol=1e-5)
