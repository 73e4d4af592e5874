"""The average of the weights: its values, who sees it, and that training does not."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from runner.engine.step.evaluation import compile_evaluation
from runner.events import EpochEnded
from tests.engine.problem import Problem
from tests.engine.reference import Array, sgd
from tests.engine.replay import largest_difference, replay

Make = Callable[..., Problem]
EMA = {"ema": {"decay": 0.9}}
CYCLE = {"kind": "1cycle", "max_lr": 0.1}


def made(make: Make, **case: Any) -> Problem:
    return make(n=77, **{"training": {"epochs": 5, **EMA}, "schedule": CYCLE, **case})


def averages(case: Problem) -> list[Any]:
    assert case.learner.average is not None
    return [variable.numpy() for variable in case.learner.average.variables]


def test_the_average_is_numpys(problem: Make) -> None:
    case, seen = made(problem), []

    def average(weights: list[Array]) -> None:
        seen[:] = [0.9 * a + 0.1 * w for a, w in zip(seen, weights, strict=True)] if seen else list(weights)

    weights, _ = replay(case, sgd(nesterov=False), after=average)
    case.train()
    assert largest_difference(averages(case), seen) < 1e-5
    assert largest_difference(case.learner.model.get_weights(), weights) < 1e-5


def test_the_average_is_that_of_keras(problem: Make) -> None:
    case = made(problem)
    case.train()
    other = made(problem)
    plain = keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.9)
    variables = [keras.Variable(weight) for weight in other.learner.model.get_weights()]
    plain.build(variables)
    average = other.learner.average
    assert average is not None
    for step, rate in enumerate([0.1, 0.2, 0.3]):
        gradients = [np.full(variable.shape, rate, np.float32) for variable in variables]
        plain.apply(gradients, variables)
        for weight, variable in zip(average.weights, variables, strict=True):
            weight.assign(variable)
        average.update(step + 1)
    assert largest_difference(averages(other), [np.array(v) for v in plain._model_variables_moving_average]) < 1e-6


def test_training_does_not_see_the_average(problem: Make) -> None:
    with_average, without = made(problem), made(problem, training={"epochs": 5})
    for case in (with_average, without):
        case.train()
    pairs = zip(with_average.learner.model.variables, without.learner.model.variables, strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("layers", [[{"kind": "dense", "units": 5}, {"kind": "batch_normalization"}]])
def test_validation_and_the_best_model_are_of_the_average(problem: Make, layers: list[Any]) -> None:
    case = made(problem, model={"kind": "sequential", "layers": layers}, training={"epochs": 2, "best": "loss", **EMA})
    trainer = case.trainer()
    trainer.run()
    model, validation = case.learner.model, case.dataset.validation
    assert validation is not None
    ended = [event for event in case.events if isinstance(event, EpochEnded)]
    assert trainer.state.best.epoch == len(ended) - 1, "the last epoch has the least training loss"
    best = trainer.state.best.weights
    assert best is not None
    # what is trained has the average's values; the moving statistics are the model's
    wanted = {variable.path: value for variable, value in zip(model.trainable_variables, averages(case), strict=True)}
    wanted |= {variable.path: np.array(variable) for variable in model.non_trainable_variables}
    assert all(np.array_equal(value, wanted[w.path]) for w, value in zip(model.weights, best, strict=True))
    raw = compile_evaluation(case.learner, validation, case.plan.metrics)()
    model.set_weights(best)
    of_best = compile_evaluation(case.learner, validation, case.plan.metrics)()
    assert ended[-1].metrics["val_loss"] == of_best["loss"] != raw["loss"]


def test_the_model_has_its_own_weights_again_when_the_block_ends_badly(problem: Make) -> None:
    case = made(problem)
    case.train()
    before = [np.array(variable) for variable in case.learner.model.variables]

    def fail() -> None:
        with case.learner.averaged():
            kernel = case.learner.model.trainable_variables[0]
            assert np.array_equal(kernel, averages(case)[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert all(np.array_equal(a, b) for a, b in zip(case.learner.model.variables, before, strict=True))
