"""Scaled targets: training is that of a hand-written model on scaled targets, figures are in the targets' units."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from runner.data.examples import Dataset, Examples
from runner.engine.step.evaluation import compile_evaluation
from runner.engine.step.learner import make_learner
from runner.model.target_scaling import target_layer
from tests.engine.problem import Problem
from tests.engine.replay import batches, losses_of

UNITS = np.array([1000.0, 0.01, 1.0], np.float32)
LEVEL = np.array([-5000.0, 3.0, 7.0], np.float32)


def scaled(problem: Callable[..., Problem], loss: str) -> Problem:
    """A problem whose three targets have different units, of which the last one never varies."""
    data = {"source": "builtin", "name": "iris", "batch_size": 8, "target_scale": "standard"}
    training = {"epochs": 2, "loss": loss, "metrics": ["mean_absolute_error", "r2"]}
    schedule = {"kind": "constant", "learning_rate": 0.05}
    case = problem(task="regression", data=data, optimizer={"kind": "sgd"}, schedule=schedule, training=training)
    for split in (case.dataset.train, case.dataset.validation):
        assert isinstance(split, Examples)
        split.y[:, 2] = 0
        split.y[:] = split.y * UNITS + LEVEL
    return Problem(case.plan, case.dataset, make_learner(case.plan, case.dataset))


def by_hand(case: Problem, loss: Any) -> tuple[Any, list[float]]:
    """A model of Keras alone on targets that NumPy scaled, and its losses."""
    train = case.dataset.train
    assert isinstance(train, Examples)
    y = (train.y - train.y.mean(axis=0, dtype=np.float64)) / np.maximum(train.y.std(axis=0, dtype=np.float64), 1e-3)
    y[:, 2] = 0
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(5, activation="tanh"), keras.layers.Dense(3)])
    model.set_weights(case.learner.model.get_weights())
    model.compile(keras.optimizers.SGD(0.05), loss)
    taken = batches(case, case.plan.steps)
    return model, [float(model.train_on_batch(train.x[b], y[b].astype(np.float32))) for b in taken]


@pytest.mark.parametrize("loss", ["mean_squared_error", "huber"])
def test_losses_and_weights_are_those_of_keras_on_scaled_targets(problem: Callable[..., Problem], loss: str) -> None:
    case = scaled(problem, loss)
    model, losses = by_hand(case, keras.losses.get(loss))
    case.train()
    np.testing.assert_allclose(losses_of(case), losses, rtol=1e-4)
    for ours, wanted in zip(case.learner.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, wanted, rtol=1e-4, atol=1e-5)


def test_predictions_and_metrics_are_in_the_units_of_the_targets(problem: Callable[..., Problem]) -> None:
    case = scaled(problem, "mean_squared_error")
    case.train()
    split, train = case.dataset.validation, case.dataset.train
    assert isinstance(split, Examples)
    assert isinstance(train, Examples)
    outputs = np.asarray(case.learner.model(split.x, training=False), np.float64)
    figures = compile_evaluation(case.learner, split, case.plan.metrics)()
    assert figures["mean_absolute_error"] == pytest.approx(np.abs(outputs - split.y).mean(), rel=1e-5)
    deviation = np.array([*train.y[:, :2].std(axis=0, dtype=np.float64), 1.0])
    assert figures["loss"] == pytest.approx((((outputs - split.y) / deviation) ** 2).mean(), rel=1e-4)
    assert np.abs(outputs - LEVEL)[:, 0].max() > 1


def test_moments_of_targets_come_from_the_training_part() -> None:
    train = Examples(np.zeros((4, 1), np.float32), np.array([1, 2, 3, 6], np.float32))
    dataset = Dataset(train, None, None)
    layer: Any = target_layer("standard", lambda: dataset.train)
    found = layer(tf.constant([[0.0], [1.0], [-2.0]])).numpy()[:, 0]
    np.testing.assert_allclose(found, 3 + np.sqrt(3.5) * np.array([0, 1, -2]), rtol=1e-6)
    assert target_layer(None, lambda: dataset.train) is None
