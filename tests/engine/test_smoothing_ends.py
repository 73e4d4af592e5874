"""Label smoothing that ends within the run: fed to the compiled step, and off from its step on."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from runner.events import EpochEnded
from runner.model.losses import driven_smoothing
from tests.engine.problem import Problem
from tests.engine.reference import loss_and_gradients, sgd
from tests.engine.replay import largest_difference, losses_of, replay

Make = Callable[..., Problem]
CYCLE = {"kind": "1cycle", "max_lr": 0.1}


def smoothed(off_after: str, **training: Any) -> dict[str, Any]:
    return {"epochs": 5, "label_smoothing": {"value": 0.3, "off_after": off_after}, **training}


def until(off: int) -> Callable[..., Any]:
    """NumPy's gradients, smoothed in the first ``off`` of the batches that it is asked for."""
    asked = iter(range(10**6))
    return lambda *batch: loss_and_gradients(*batch, label_smoothing=0.3 if next(asked) < off else 0.0)


@pytest.mark.parametrize(("off_after", "off"), [("60%", 30), ("2.5 epochs", 25), ("7 steps", 7)])
@pytest.mark.parametrize("training", [{}, {"accumulate": 3}], ids=["whole", "accumulated"])
def test_losses_and_weights_are_numpys_before_and_after_the_end(
    problem: Make, off_after: str, off: int, training: dict[str, Any]
) -> None:
    case = problem(n=77, training=smoothed(off_after, **training), schedule=CYCLE)
    assert case.plan.steps == 50
    wanted, losses = replay(case, sgd(nesterov=False), gradients=until(off))
    case.train()
    assert largest_difference(case.learner.model.get_weights(), wanted) < 1e-5
    np.testing.assert_allclose(losses_of(case), losses, atol=1e-5)


def test_validation_is_measured_without_smoothing_from_the_first_epoch_on(problem: Make) -> None:
    quiet = {"kind": "constant", "learning_rate": 1e-12}
    smooth = problem(training=smoothed("60%"), schedule=quiet)
    assert smooth.dataset.validation is not None
    x, y = smooth.dataset.validation.x.astype(np.float64), smooth.dataset.validation.y
    wanted = loss_and_gradients([w.astype(np.float64) for w in smooth.learner.model.get_weights()], x, y)[0]
    smooth.train()
    measured = [event.metrics["val_loss"] for event in smooth.events if isinstance(event, EpochEnded)]
    assert measured == pytest.approx([wanted] * 5, rel=1e-5)


def test_a_binary_crossentropy_is_smoothed_towards_one_half() -> None:
    smoothing = tf.Variable(0.2)
    loss = driven_smoothing("binary_crossentropy", smoothing)
    for share in (0.2, 0.0):
        smoothing.assign(share)
        q = np.array([0, 1]) * (1 - share) + share / 2
        wanted = -q * np.log([0.3, 0.8]) - (1 - q) * np.log([0.7, 0.2])
        np.testing.assert_allclose(loss(tf.constant([0, 1]), tf.constant([[0.3], [0.8]])), wanted, rtol=1e-5)


@pytest.mark.parametrize(("off_after", "says"), [("900 steps", "never ends"), ("0.4 steps", "never acts")])
def test_an_end_outside_the_run_is_told_by_the_plan(problem: Make, off_after: str, says: str) -> None:
    found = problem(training=smoothed(off_after)).plan.warnings
    assert [(warning.code, says in warning.message) for warning in found] == [("R247", True)]
