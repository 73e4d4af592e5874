"""Weights of examples act in the loss as Keras' sample_weight does, however the examples are fed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from runner.data.examples import Dataset, Examples, example_order
from runner.data.placement import Placement, Window
from runner.data.sources.builtin import streamed
from runner.engine.step.evaluation import compile_evaluation
from runner.engine.step.learner import make_learner
from runner.events import EpochEnded
from tests.engine.problem import Problem
from tests.engine.replay import largest_difference, losses_of

Make = Callable[..., Problem]
PLAIN = {"kind": "sgd", "learning_rate": 0.1, "momentum": 0.5}
CASE: dict[str, Any] = {"n": 77, "weighted": True, "optimizer": PLAIN, "training": {"epochs": 3}}


def ended(case: Problem) -> list[EpochEnded]:
    return [event for event in case.events if isinstance(event, EpochEnded)]


def keras_twin(case: Problem) -> tuple[Any, list[dict[str, float]]]:
    """What ``fit(sample_weight=…)`` makes of the same model and the same batches, and its figures of each epoch."""
    model = keras.models.clone_model(case.learner.model)
    model.set_weights(case.learner.model.get_weights())
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(keras.optimizers.SGD(0.1, 0.5), loss, metrics=["accuracy"])
    train, validation = case.dataset.train, case.dataset.validation
    assert isinstance(train, Examples)
    assert isinstance(validation, Examples)
    told = []
    for epoch in range(case.plan.epochs):
        part = train.at(example_order(case.plan.recipe.seed, epoch, len(train)))
        fitted = model.fit(part.x, part.y, 8, sample_weight=part.weight, shuffle=False, verbose=0,
                           validation_data=(validation.x, validation.y, validation.weight))  # fmt: skip
        told.append({name: values[0] for name, values in fitted.history.items()})
    return model, told


def test_training_and_validation_weigh_examples_as_keras_does(problem: Make) -> None:
    case = problem(**CASE)
    theirs, told = keras_twin(case)
    case.train()
    assert largest_difference(case.learner.model.get_weights(), theirs.get_weights()) < 1e-5
    for mine, figures in zip(ended(case), told, strict=True):
        for name in ("loss", "val_loss", "accuracy", "val_accuracy"):  # accuracies are not weighted, in Keras neither
            assert mine.metrics[name] == pytest.approx(figures[name], rel=1e-5), name


def test_an_example_of_weight_zero_is_not_there(problem: Make) -> None:
    """A batch's loss is still divided by all of its examples."""
    whole, changed = problem(**CASE, seed=5), problem(**CASE, seed=5)
    out = np.arange(77) % 5 == 0
    for case, target in ((whole, 0), (changed, 2)):
        train = case.dataset.train
        y, weight = np.where(out, target, train.y).astype(np.int32), np.where(out, 0, train.weight).astype(np.float32)
        case.dataset = replace(case.dataset, train=Examples(train.x, y, weight))
    for case in (whole, changed):
        case.train()
    assert losses_of(whole) == losses_of(changed)
    assert largest_difference(whole.learner.model.get_weights(), changed.learner.model.get_weights()) == 0


@pytest.mark.parametrize("training", [{"accumulate": 3}, {"class_weight": {"1": 4.0}, "accumulate": 2}])
def test_micro_batches_and_class_weights_keep_them(problem: Make, training: dict[str, Any]) -> None:
    without = {key: value for key, value in training.items() if key != "accumulate"}
    divided, whole = (problem(**CASE | {"training": {"epochs": 3, **more}}) for more in (training, without))
    for case in (divided, whole):
        case.train()
    np.testing.assert_allclose(losses_of(divided), losses_of(whole), atol=1e-5)
    assert largest_difference(divided.learner.model.get_weights(), whole.learner.model.get_weights()) < 1e-5


def test_class_weights_multiply_them(problem: Make) -> None:
    both, one = (problem(**CASE | {"training": {"epochs": 2, **more}}) for more in ({"class_weight": {"1": 4.0}}, {}))
    train = one.dataset.train
    weight = train.weight * np.where(train.y == 1, 4, 1).astype(np.float32)
    one.dataset = replace(one.dataset, train=replace(train, weight=weight))
    for case in (both, one):
        case.train()
    np.testing.assert_allclose(losses_of(both), losses_of(one), rtol=1e-5)


def test_examples_that_are_read_as_they_train_keep_theirs(problem: Make) -> None:
    where = Placement(Window(10, 3), False, 0)
    cases = []
    for accumulate in (1, 2):
        case = problem(**CASE | {"training": {"epochs": 3, "accumulate": accumulate}})
        train, validation = case.dataset.train, case.dataset.validation
        assert validation is not None
        case.dataset = Dataset(streamed(train, where), streamed(validation, where), None)
        case.learner = make_learner(case.plan, case.dataset)
        case.train()
        resident = compile_evaluation(case.learner, validation, ["accuracy"])()
        assert ended(case)[-1].metrics["val_loss"] == pytest.approx(resident["loss"], rel=1e-6)
        plain = compile_evaluation(case.learner, replace(validation, weight=None), ["accuracy"])()
        assert plain["loss"] != pytest.approx(resident["loss"], rel=1e-2)
        assert plain["accuracy"] == resident["accuracy"]
        cases.append(case)
    np.testing.assert_allclose(losses_of(cases[0]), losses_of(cases[1]), atol=1e-5)
