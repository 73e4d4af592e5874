"""Weights of classes and smoothed labels, against plain NumPy."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from runner.events import EpochEnded
from tests.engine.problem import Problem
from tests.engine.reference import loss_and_gradients, sgd
from tests.engine.replay import largest_difference, losses_of, replay

Make = Callable[..., Problem]
WEIGHTS = {"0": 2.0, "2": 0.5}
CASES: list[Any] = [
    pytest.param({"class_weight": WEIGHTS}, {"class_weight": np.array([2.0, 1.0, 0.5])}, id="class_weight"),
    pytest.param({"label_smoothing": 0.2}, {"label_smoothing": 0.2}, id="label_smoothing"),
    pytest.param(
        {"class_weight": WEIGHTS, "label_smoothing": 0.2, "accumulate": 3},
        {"class_weight": np.array([2.0, 1.0, 0.5]), "label_smoothing": 0.2},
        id="both, accumulated",
    ),
]


@pytest.mark.parametrize(("training", "reference"), CASES)
def test_losses_and_weights_are_numpys(problem: Make, training: dict[str, Any], reference: dict[str, Any]) -> None:
    case = problem(n=77, training={"epochs": 5, **training}, schedule={"kind": "1cycle", "max_lr": 0.1})
    wanted, losses = replay(case, sgd(nesterov=False), gradients=partial(loss_and_gradients, **reference))
    case.train()
    assert largest_difference(case.learner.model.get_weights(), wanted) < 1e-5
    np.testing.assert_allclose(losses_of(case), losses, atol=1e-5)


def test_balanced_weights_give_every_class_the_same_share(problem: Make) -> None:
    case = problem(n=77, training={"epochs": 1, "class_weight": "balanced"})
    counts = np.bincount(case.dataset.train.y)
    assert len(set(counts)) > 1
    weights = np.asarray(case.learner.class_weight)
    np.testing.assert_allclose(weights * counts, 77 / 3, rtol=1e-6)


@pytest.mark.parametrize(
    ("training", "counts"), [({"class_weight": {"1": 100.0}}, False), ({"label_smoothing": 0.5}, True)]
)
def test_validation_has_smoothed_labels_as_in_keras_and_no_weights(
    problem: Make, training: dict[str, Any], counts: bool
) -> None:
    case = problem(training={"epochs": 1, **training}, optimizer={"kind": "sgd", "learning_rate": 1e-9})
    case.train()
    (ended,) = (event for event in case.events if isinstance(event, EpochEnded))
    validation = case.dataset.validation
    assert validation is not None
    p = np.asarray(case.learner.model(validation.x), np.float64)
    plain = -np.log(p[np.arange(len(p)), validation.y]).mean()
    smoothed = 0.5 * plain - 0.5 * np.log(p).mean()
    assert ended.metrics["val_loss"] == pytest.approx(smoothed if counts else plain, rel=1e-5)
    assert plain != pytest.approx(smoothed, rel=1e-3)
