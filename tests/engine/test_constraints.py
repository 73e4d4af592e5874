"""Constraints act after every update, as in Keras' own training."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from runner.errors import BuildError
from runner.model.saving import save_model
from tests.engine.problem import Problem
from tests.engine.replay import batches, largest_difference

Make = Callable[..., Problem]
RATE = 0.05
OPTIMIZERS: dict[str, Any] = {
    "sgd": {"kind": "sgd", "momentum": 0.9},
    "rmsprop": {"kind": "rmsprop", "momentum": 0.5},
    "adam": {"kind": "adam"},
    "adamw": {"kind": "adamw", "weight_decay": 0.1},
    "lion": {"kind": "lion"},
}
CONSTRAINTS: list[Any] = [
    "max_norm",
    {"kind": "max_norm", "max_value": 0.4},
    {"kind": "max_norm", "max_value": 0.3, "axis": [0, 1]},
    "non_neg",
    {"kind": "unit_norm", "axis": 1},
    {"kind": "min_max_norm", "min_value": 0.5, "max_value": 0.7, "rate": 0.4},
]


def model(constraint: Any) -> dict[str, Any]:
    layer = {"kind": "dense", "units": 5, "activation": "tanh", "kernel_constraint": constraint}
    return {"kind": "sequential", "layers": [layer]}


def test_offset_and_scale_of_a_normalization_are_constrained_after_every_update(problem: Make) -> None:
    kept = {f"{name}_constraint": {"kind": "max_norm", "max_value": 0.05, "axis": 0} for name in ("beta", "gamma")}
    norms = [{"kind": kind, **kept} for kind in ("batch_normalization", "layer_normalization")]
    layers = [{"kind": "dense", "units": 5}, *norms]
    case = problem(optimizer={"kind": "sgd", "learning_rate": 0.5}, model={"kind": "sequential", "layers": layers})
    case.train()
    for layer in case.learner.model.layers:
        if hasattr(layer, "gamma"):
            norms = [np.linalg.norm(layer.beta), np.linalg.norm(layer.gamma)]
            assert norms == pytest.approx([0.05, 0.05], rel=1e-4)


def made(problem: Make, optimizer: str, constraint: Any, **case: Any) -> Problem:
    schedule = {"kind": "constant", "learning_rate": RATE}
    return problem(optimizer=OPTIMIZERS[optimizer], schedule=schedule, model=model(constraint), **case)


def of_keras(case: Problem, optimizer: dict[str, Any]) -> list[Any]:
    """Weights of a copy of the model, trained on the same batches by Keras' own method with Keras' own optimizer."""
    copy = keras.models.clone_model(case.learner.model)
    copy.set_weights(case.learner.model.get_weights())
    arguments = {key: value for key, value in optimizer.items() if key != "kind"}
    own = keras.optimizers.get({"class_name": optimizer["kind"], "config": {"learning_rate": RATE, **arguments}})
    copy.compile(own, keras.losses.SparseCategoricalCrossentropy())
    for batch in batches(case, case.plan.steps):
        copy.train_on_batch(case.dataset.train.x[batch].astype(np.float32), case.dataset.train.y[batch])
    return list(copy.get_weights())


def require_as_keras(case: Problem, optimizer: str) -> None:
    wanted = of_keras(case, OPTIMIZERS[optimizer])
    case.train()
    assert largest_difference(case.learner.model.get_weights(), wanted) < 2e-5


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_fifty_updates_of_every_optimizer_equal_keras(problem: Make, optimizer: str) -> None:
    require_as_keras(made(problem, optimizer, {"kind": "max_norm", "max_value": 0.4}), optimizer)


@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=str)
def test_updates_under_every_constraint_equal_keras(problem: Make, constraint: Any) -> None:
    require_as_keras(made(problem, "sgd", constraint, training={"epochs": 2}), "sgd")


@pytest.mark.parametrize("case", [{"hardware": {"xla": "on"}}, {"training": {"epochs": 2, "accumulate": 2}}], ids=str)
def test_other_ways_to_update_equal_keras(problem: Make, case: dict[str, Any]) -> None:
    require_as_keras(made(problem, "sgd", {"kind": "max_norm", "max_value": 0.4}, **case), "sgd")


def test_lengths_stay_within_the_limit_and_would_not_without(problem: Make) -> None:
    lengths = []
    for constraint in ({"kind": "max_norm", "max_value": 0.4}, None):
        case = made(problem, "sgd", constraint)
        case.train()
        lengths.append(np.linalg.norm(case.learner.model.layers[-2].get_weights()[0], axis=0).max())
    assert lengths[0] <= 0.4 + 1e-6 < lengths[1]


def test_the_saved_model_has_the_constraint(problem: Make, tmp_path: Any) -> None:
    case = made(problem, "sgd", {"kind": "max_norm", "max_value": 0.4})
    save_model(case.learner.model, case.learner.optimizer.optimizer, case.plan, tmp_path / "model.keras")
    opened = keras.models.load_model(tmp_path / "model.keras")
    assert opened.layers[-2].kernel_constraint.max_value == 0.4


def test_an_axis_that_the_weights_do_not_have_is_told_before_training(problem: Make) -> None:
    with pytest.raises(BuildError, match=r"kernel of shape \[4, 5\]"):
        problem(model=model({"kind": "max_norm", "axis": 2}))


def test_the_output_layer_and_the_bias_take_one_too(problem: Make) -> None:
    layers = [{"kind": "dense", "units": 5, "bias_constraint": "non_neg"}]
    case = problem(
        optimizer=OPTIMIZERS["sgd"],
        model={"kind": "sequential", "layers": layers, "output": {"kernel_constraint": "unit_norm"}},
    )
    case.train()
    (_, bias), (kernel, _) = (layer.get_weights() for layer in case.learner.model.layers[-2:])
    assert bias.min() >= 0
    assert np.linalg.norm(kernel, axis=0) == pytest.approx(1, rel=1e-5)
