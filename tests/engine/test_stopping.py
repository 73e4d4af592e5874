"""Early stopping and the choice of the best, held against Keras' own callback."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest

from runner.engine.loop.best import Best, best_of
from runner.engine.loop.early_stopping import EarlyStoppingState, stopping_of
from runner.events import EarlyStopped
from runner.plan.monitor import monitor
from schemas.monitoring import EarlyStopping
from tests.engine.problem import Problem

Make = Callable[..., Problem]
CASES: list[dict[str, Any]] = [
    {"patience": 1},
    {"patience": 3, "min_delta": 0.05},
    {"patience": 2, "baseline": 0.5},
    {"patience": 4, "baseline": 0.2, "min_delta": 0.02},
    {"patience": 1, "start_from_epoch": 4},
    {"patience": 2, "start_from_epoch": 3, "baseline": 0.45, "min_delta": 0.01},
    {"patience": 2, "mode": "max", "monitor": "val_accuracy", "baseline": 0.7},
    {"patience": 1, "baseline": 0.01},
]


class Model:
    """What Keras' callback needs of one; its weights are the number of the epoch."""

    stop_training = False

    def __init__(self) -> None:
        self.weights = [np.array(-1)]
        self.metrics: list[Any] = []

    def get_weights(self) -> list[Any]:
        return list(self.weights)

    def set_weights(self, weights: list[Any]) -> None:
        self.weights = list(weights)


def of_keras(case: dict[str, Any], values: list[float]) -> tuple[int, int]:
    """The epoch after which it stops, and the one that it restores."""
    wanted = {"monitor": "val_loss", "mode": "min", **case}
    callback = keras.callbacks.EarlyStopping(restore_best_weights=True, **wanted)
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    epoch = 0
    for epoch, value in enumerate(values):
        model.weights = [np.array(epoch)]
        callback.on_epoch_end(epoch, {wanted["monitor"]: value})
        if model.stop_training:
            break
    callback.on_train_end()
    return epoch, int(model.weights[0])


def of_ours(case: dict[str, Any], values: list[float]) -> tuple[int, int]:
    wanted = EarlyStopping(**case)
    stopping = stopping_of(wanted)
    assert stopping is not None
    best, epoch = best_of(stopping.monitor, wanted), 0
    for epoch, value in enumerate(values):
        best.update({wanted.monitor: value}, epoch, epoch, SimpleNamespace(get_weights=list))
        if stopping.update(value, epoch):
            break
    return epoch, epoch if best.weights is None else best.epoch


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_stops_and_restores_where_keras_does(case: dict[str, Any]) -> None:
    generator = np.random.default_rng(0)
    seen = set()
    for _ in range(200):
        values = (0.6 * np.exp(-np.arange(12) / 6) + generator.normal(0, 0.15, 12)).tolist()
        wanted = of_keras(case, values)
        assert of_ours(case, values) == wanted, values
        seen.add(wanted)
    assert len(seen) > 5


def test_a_value_that_is_not_a_number_in_the_first_epoch_does_not_stop() -> None:
    stopping = EarlyStoppingState(monitor("val_loss"), 1, 0.0)
    assert not stopping.update(float("nan"), 0)
    assert stopping.update(float("nan"), 1)


def test_what_was_counted_by_another_monitor_is_not_taken_over() -> None:
    by_loss, by_accuracy = (Best(monitor(name)) for name in ("val_loss", "val_accuracy"))
    by_accuracy.update({"val_accuracy": 0.9}, 3, 40, SimpleNamespace(get_weights=list))
    by_loss.load_state_dict(by_accuracy.state_dict(), [])
    assert (by_loss.value, by_loss.weights) == (None, None)
    counted = EarlyStoppingState(monitor("val_accuracy"), 3, 0.0, best=0.9, best_epoch=3, wait=2)
    fresh = EarlyStoppingState(monitor("val_loss"), 3, 0.0)
    fresh.load_state_dict(counted.state_dict())
    assert (fresh.best, fresh.wait) == (None, 0)
    fresh = EarlyStoppingState(monitor("val_accuracy"), 5, 0.0)
    fresh.load_state_dict(counted.state_dict())
    assert (fresh.best, fresh.best_epoch, fresh.wait) == (0.9, 3, 2)


def test_the_monitor_that_stops_chooses_the_best_model(problem: Make) -> None:
    stopping = {"monitor": "val_accuracy", "patience": 4}
    case = problem(training={"epochs": 12, "early_stopping": stopping}, optimizer={"kind": "sgd", "learning_rate": 0.5})
    trainer = case.trainer()
    outcome = trainer.run()
    assert (case.plan.best.name, trainer.state.best.monitor.name) == ("val_accuracy", "val_accuracy")
    (stopped,) = [event for event in case.events if isinstance(event, EarlyStopped)]
    assert (trainer.state.best.epoch, trainer.state.best.value) == (stopped.best_epoch, stopped.best)
    assert outcome.steps == (stopped.best_epoch + 1 + 4) * case.plan.steps_per_epoch


def test_a_run_without_restoring_keeps_its_own_choice_of_the_best(problem: Make) -> None:
    stopping = {"monitor": "val_accuracy", "patience": 4, "restore_best": False}
    assert problem(training={"epochs": 3, "early_stopping": stopping}).plan.best.name == "val_loss"
