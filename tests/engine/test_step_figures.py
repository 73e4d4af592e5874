"""A step that is looked into is the step that the run makes, and its parts add up to it."""

from typing import Any

import numpy as np
import pytest

from runner.data.examples import Dataset, Examples
from runner.engine.distributed.replicas import ALONE, Replicas
from runner.engine.loop.replay import replayed
from runner.engine.loop.step_figures import StepFigures, make_step
from runner.engine.loop.variables import state_dict
from runner.engine.step.learner import make_learner
from tests.engine.problem import Problem

DROPOUT = {"kind": "dense", "units": 6, "activation": "tanh", "dropout": 0.4, "kernel_regularizer": {"l2": 0.1}}
NORMALISED = [DROPOUT, {"kind": "batch_normalization"}]
CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "dropout, penalty, normalisation": {"model": {"kind": "sequential", "layers": NORMALISED}},
    "micro-batches": {
        "model": {"kind": "sequential", "layers": [DROPOUT]},
        "training": {"epochs": 3, "accumulate": 3, "clip": {"global_norm": 0.05}},
    },
    "weights": {"weighted": True, "training": {"epochs": 3, "class_weight": {"1": 4.0}}},
    "falling smoothing": {"training": {"epochs": 3, "label_smoothing": {"value": 0.4, "off_after": "60%"}}},
    "mixed images": {
        "sides": (8, 8),
        "model": {"kind": "sequential", "layers": [{"kind": "flatten"}, DROPOUT]},
        "data": {
            "source": "builtin",
            "name": "digits",
            "batch_size": 8,
            "augment": [{"kind": "translate", "height": 0.1}, {"kind": "mixup", "alpha": 0.4}],
        },
    },
}
TOWERS: dict[str, dict[str, Any]] = {
    "side by side": {"model": {"kind": "sequential", "layers": [DROPOUT]}},
    "in lockstep": {"model": {"kind": "sequential", "layers": [DROPOUT, NORMALISED[1]]}},
}


def looked_into(problem: Problem, step: int, replicas: Replicas = ALONE) -> tuple[StepFigures, list[Any]]:
    events: list[Any] = []
    return make_step(replayed(problem.plan, problem.dataset, replicas, None, step, events.append)), events


def penalties(problem: Problem, weights: dict[str, Any]) -> float:
    """0.1·Σw² over the kernels that have a penalty, before the step."""
    kernels = [
        weights[f"model.{i:04}"]
        for i, variable in enumerate(problem.learner.model.variables)
        if getattr(variable, "regularizer", None) is not None
    ]
    return float(sum(0.1 * np.square(kernel).sum() for kernel in kernels))


def check(problem: Problem, replicas: Replicas = ALONE) -> None:
    step = problem.plan.steps_per_epoch + 1
    before = state_dict(replayed(problem.plan, problem.dataset, replicas, None, step, lambda _: None).learner)
    figures, events = looked_into(problem, step, replicas)
    problem.learner = make_learner(problem.plan, problem.dataset, replicas)
    problem.train()
    losses = [loss for event in problem.steps() for loss in event.loss]
    replayed_losses = [loss for event in events if hasattr(event, "loss") for loss in event.loss]
    assert [*replayed_losses, *figures.steps.loss] == losses[: step + 1]
    assert figures.steps.loss[0] == pytest.approx(figures.batch.losses.mean() + penalties(problem, before), rel=1e-5)
    assert figures.gradient == pytest.approx(np.sqrt(sum(row.gradient**2 for row in figures.layers)))


@pytest.mark.parametrize("name", CASES)
def test_the_losses_of_the_examples_are_the_steps_loss(name: str) -> None:
    check(Problem.make(np.random.default_rng(7), n=45, **{"training": {"epochs": 3}, **CASES[name]}))


@pytest.mark.parametrize("name", TOWERS)
def test_parts_of_a_batch_have_the_masks_of_the_step(name: str) -> None:
    check(
        Problem.make(np.random.default_rng(7), n=45, **{"training": {"epochs": 3}, **TOWERS[name]}), Replicas(towers=2)
    )


def test_norms_are_those_of_plain_sgd() -> None:
    """w ← w − ηg: an update is η times the gradient, layer by layer."""
    optimizer = {"kind": "sgd", "momentum": 0.0}
    rate = {"kind": "constant", "learning_rate": 0.25}
    problem = Problem.make(np.random.default_rng(7), optimizer=optimizer, schedule=rate)
    figures, _ = looked_into(problem, 3)
    assert [row.name for row in figures.layers] == ["dense_1", "output"]
    for row in figures.layers:
        assert row.update == pytest.approx(0.25 * row.gradient, rel=1e-4)
        assert row.ratio == pytest.approx(row.update / row.weights)
    assert figures.hyperparameters["learning_rate"] == 0.25


def test_the_examples_are_the_steps(problem: Any) -> None:
    made = problem()
    figures, _ = looked_into(made, made.plan.steps_per_epoch + 2)
    train = made.dataset.train
    np.testing.assert_array_equal(figures.batch.inputs, train.x[figures.batch.places])
    np.testing.assert_array_equal(figures.batch.targets, train.y[figures.batch.places])


def test_a_step_whose_loss_is_not_finite_is_looked_into() -> None:
    problem = Problem.make(np.random.default_rng(7), n=8)
    x = np.ones((8, 4), np.float32)
    x[5] = np.nan
    problem.dataset = Dataset(Examples(x, np.arange(8, dtype=np.int32) % 3), problem.dataset.validation, None)
    figures, _ = looked_into(problem, 0)
    assert figures.diverged is not None
    assert "loss is nan at step 0" in figures.diverged
    assert figures.batch.places[np.isnan(figures.batch.losses)].tolist() == [5]
