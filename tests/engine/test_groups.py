"""Groups of layers: frozen to the bit, then trained as a hand-written Keras run in two stages does."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from runner.errors import GroupError
from runner.model.rate_groups import RateGroups
from runner.plan.schedules.groups import plan_groups
from schemas.groups import Group
from tests.engine.problem import Problem
from tests.engine.replay import batches, largest_difference

Make = Callable[..., Problem]
MODEL = {
    "kind": "sequential",
    "layers": [
        {"kind": "dense", "units": 8, "activation": "tanh", "name": "base"},
        {"kind": "batch_normalization", "name": "normalised"},
        {"kind": "dense", "units": 6, "activation": "tanh", "name": "middle"},
    ],
}
FREEZE = {"phases": [{"duration": "2 epochs", "factor": 0}, {"duration": "3 epochs", "factor": 0.5}]}
GROUPS = {"base": {"layers": ["base", "normalised"], "factor": FREEZE}}
OPTIMIZERS: dict[str, dict[str, Any]] = {
    "sgd": {"kind": "sgd", "momentum": 0.9, "weight_decay": 0.05},
    "adamw": {"kind": "adamw", "weight_decay": 0.1},
    "rmsprop": {"kind": "rmsprop", "momentum": 0.5},
    "lion": {"kind": "lion", "weight_decay": 0.1},
}
FROZEN = 20
"""Steps of two epochs."""


def made(problem: Make, optimizer: dict[str, Any], **case: Any) -> Problem:
    case = {"groups": GROUPS, "model": MODEL, **case}
    return problem(n=77, optimizer=optimizer, schedule={"kind": "constant", "learning_rate": 0.02}, **case)


def twin(optimizer: dict[str, Any]) -> Any:
    """Keras' own class, with nothing of ours."""
    arguments = {key: value for key, value in optimizer.items() if key != "kind"}
    return keras.optimizers.get({"class_name": optimizer["kind"], "config": {"learning_rate": 0.02, **arguments}})


def two_stages(case: Problem, optimizer: dict[str, Any], steps: int) -> list[Any]:
    """Weights of a copy of the model: at first without the base, then with it at half the rate and fresh slots."""
    model = keras.models.clone_model(case.learner.model)
    model.set_weights(case.learner.model.get_weights())
    frozen = [layer for layer in model.layers if layer.name in ("base", "normalised")]
    base = [variable for layer in frozen for variable in layer.trainable_variables]
    head = [variable for variable in model.trainable_variables if id(variable) not in set(map(id, base))]
    of_head, of_base = twin(optimizer), twin({**optimizer, "learning_rate": 0.01})
    of_head.build(head)
    of_base.build(base)
    train, loss_of = case.dataset.train, keras.losses.SparseCategoricalCrossentropy()
    for step, batch in enumerate(batches(case, steps)):
        for layer in frozen:
            layer.trainable = step >= FROZEN
        with tf.GradientTape() as tape:
            loss = loss_of(train.y[batch], model(tf.cast(train.x[batch], tf.float32), training=True))
        gradients = tape.gradient(loss, [*head, *base])
        of_head.apply(gradients[: len(head)], head)
        if step >= FROZEN:
            of_base.iterations.assign(step)
            of_base.apply(gradients[len(head) :], base)
    for layer in frozen:
        layer.trainable = True
    return list(model.get_weights())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_frozen_layers_keep_their_bits_and_then_train_as_in_two_stages_by_hand(problem: Make, name: str) -> None:
    optimizer = OPTIMIZERS[name]
    frozen = {"base": {"layers": ["base", "normalised"], "factor": 0.0}}
    short = made(problem, optimizer, groups=frozen, training={"epochs": 2, "clip": {"global_norm": 1.0}})
    before = {layer.name: layer.get_weights() for layer in short.learner.model.layers}
    short.train()
    after = {layer.name: layer.get_weights() for layer in short.learner.model.layers}
    for layer in ("base", "normalised"):
        assert all(np.array_equal(a, b) for a, b in zip(before[layer], after[layer], strict=True))
    assert largest_difference(before["middle"], after["middle"]) > 0.01
    case = made(problem, optimizer)
    wanted = two_stages(case, optimizer, case.plan.steps)
    case.train()
    assert case.plan.steps == 50
    assert largest_difference(case.learner.model.get_weights(), wanted) < 1e-5


def test_slots_of_frozen_layers_do_not_move(problem: Make) -> None:
    case = made(problem, {"kind": "adamw"}, groups={"base": {"layers": ["base"], "factor": 0.0}})
    slots = case.learner.optimizer.optimizer
    case.train()
    moved = [bool(np.any(np.array(slot))) for slot in slots._momentums]
    assert moved == [False, False, *[True] * (len(moved) - 2)]


def test_frozen_gradients_count_in_no_norm(problem: Make) -> None:
    """With most of the norm in the frozen layer, a clipped head would hardly move."""

    def moved(groups: dict[str, Any]) -> float:
        training = {"epochs": 1, "clip": {"global_norm": 1e-3}}
        case = made(problem, {"kind": "sgd"}, groups=groups, training=training)
        before = case.learner.model.get_layer("output").get_weights()
        case.train()
        return largest_difference(case.learner.model.get_layer("output").get_weights(), before)

    frozen = {"rest": {"layers": ["base", "normalised", "middle"], "factor": 0.0}}
    assert moved(frozen) > 1.2 * moved({})


def test_a_constant_factor_is_a_rate_of_its_own(problem: Make) -> None:
    slow = {"layers": ["base"], "factor": 0.0}
    model = {"kind": "sequential", "layers": MODEL["layers"][:1]}  # type: ignore[index]
    case = made(
        problem, {"kind": "sgd"}, model=model, groups={"slow": slow, "fast": {"layers": ["output"], "factor": 2.0}}
    )
    twice = problem(
        n=77,
        optimizer={"kind": "sgd"},
        schedule={"kind": "constant", "learning_rate": 0.04},
        model=model,
        groups={"slow": slow},
    )
    case.train()
    twice.train()
    assert largest_difference(case.learner.model.get_weights(), twice.learner.model.get_weights()) < 1e-6


def test_a_constraint_leaves_frozen_weights_alone() -> None:
    constraint = keras.constraints.MaxNorm(0.1)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, kernel_constraint=constraint, name="base")])
    (group,) = plan_groups({"base": Group(layers=("base",), factor=0.0)}, 10, 10)
    groups = RateGroups([group], model, {"factor_base": 0.0})
    kernel = model.layers[0].kernel
    before = np.array(kernel)
    assert np.array_equal(kernel.constraint(kernel), before)
    groups.variables["factor_base"].assign(0.5)
    assert np.linalg.norm(kernel.constraint(kernel), axis=0) == pytest.approx([0.1] * 3, rel=1e-4)


def test_the_factor_is_read_back(problem: Make) -> None:
    case = made(problem, {"kind": "sgd"})
    planned = case.plan.schedule.evaluate([0, FROZEN - 1, FROZEN, 49])["factor_base"]
    assert planned.tolist() == [0.0, 0.0, 0.5, 0.5]
    assert case.learner.hyperparameters["factor_base"].numpy() == 0
    case.train()
    assert case.learner.hyperparameters["factor_base"].numpy() == 0.5


def test_a_factor_that_does_not_cover_the_run_is_reported_at_its_rows(problem: Make) -> None:
    short = {"base": {"layers": ["base"], "factor": {"phases": [{"duration": "2 epochs", "factor": 0}]}}}
    with pytest.raises(GroupError, match="add up") as error:
        made(problem, {"kind": "sgd"}, groups=short)
    assert error.value.place == ("groups", "base", "factor", "phases")
