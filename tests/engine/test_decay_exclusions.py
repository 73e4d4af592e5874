"""Weight decay that leaves variables out, in Keras' optimizers and in ours whose update is one operation."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from runner.model.decay import excluded_variables
from runner.model.optimizer import keras_arguments, keras_class
from schemas.weight_decay import DecayExclusions
from tests.engine.problem import Problem
from tests.engine.reference import Array, Update, adam, sgd
from tests.engine.replay import largest_difference, replay

Make = Callable[..., Problem]
KINDS = [
    "sgd", "rmsprop", "adam", "adamw", "nadam", "adamax", "lamb", "lion", "adagrad", "adadelta", "adafactor", "ftrl",
    "muon",
]  # fmt: skip
LAYERS = [
    {"kind": "dense", "units": 5, "activation": "tanh", "name": "stem"},
    {"kind": "batch_normalization", "name": "first"},
    {"kind": "dense", "units": 4, "name": "head"},
    {"kind": "layer_normalization", "name": "second"},
]
NORMALISED = {"kind": "sequential", "layers": LAYERS}
EXCLUSIONS: list[tuple[dict[str, Any], set[str]]] = [
    ({"biases": True}, {"stem/bias", "head/bias", "output/bias"}),
    ({"normalization": True}, {"first/gamma", "first/beta", "second/gamma", "second/beta"}),
    ({"layers": ["head", "output"]}, {"head/kernel", "head/bias", "output/kernel", "output/bias"}),
    ({"biases": True, "layers": ["stem"]}, {"stem/kernel", "stem/bias", "head/bias", "output/bias"}),
]


def decayed(update: Update, left_out: set[int]) -> Update:
    """w ← w − η·0.5·w before the update, of the weights that are not left out."""

    def decay_first(weights: list[Array], gradients: list[Array], rate: float, momentum: float) -> None:
        weights[:] = [w if k in left_out else w - rate * 0.5 * w for k, w in enumerate(weights)]
        update(weights, gradients, rate, momentum)

    return decay_first


@pytest.mark.parametrize(("wanted", "names"), EXCLUSIONS, ids=lambda value: str(sorted(value))[:40])
def test_what_is_named_is_found(problem: Make, wanted: dict[str, Any], names: set[str]) -> None:
    model = problem(model=NORMALISED).learner.model
    found = excluded_variables(DecayExclusions.model_validate(wanted), model)
    assert {"/".join(variable.path.split("/")[-2:]) for variable in found} == names


@pytest.mark.parametrize("left_out", [{1, 3}, {2, 3}], ids=["biases", "output"])
@pytest.mark.parametrize(("kind", "make"), [("sgd", lambda: sgd(False)), ("adamw", adam)])
@pytest.mark.parametrize("scheduled", [False, True])
def test_fifty_steps_equal_numpy(
    problem: Make, left_out: set[int], kind: str, make: Callable[[], Update], scheduled: bool
) -> None:
    wanted = {"biases": True} if 1 in left_out else {"layers": ["output"]}
    schedule = {"kind": "1cycle", "max_lr": 0.05, **({"weight_decay": 0.5} if scheduled else {})}
    optimizer = {"kind": kind, "weight_decay": 0.1 if scheduled else 0.5, "exclude_from_weight_decay": wanted}
    case = problem(optimizer=optimizer, schedule=schedule)
    weights, _ = replay(case, decayed(make(), left_out))
    other, _ = replay(case, decayed(make(), set()))
    case.train()
    ours = case.learner.model.get_weights()
    assert largest_difference(ours, weights) < 1e-5
    assert largest_difference(ours, other) > 1e-3


@pytest.mark.parametrize("kind", KINDS)
def test_every_optimizer_leaves_out_what_keras_own_leaves_out(problem: Make, kind: str) -> None:
    optimizer = {"kind": kind, "weight_decay": 2.0, "exclude_from_weight_decay": {"biases": True, "layers": ["output"]}}
    case = problem(optimizer=optimizer, schedule={"kind": "constant", "learning_rate": 0.01})
    ours, model = case.learner.optimizer.optimizer, case.learner.model
    variables = model.trainable_variables
    theirs = keras_class(case.plan.recipe.optimizer)(**keras_arguments(case.plan.recipe.optimizer, 0.01))
    copies = [keras.Variable(variable.numpy(), name=variable.name) for variable in variables]
    theirs.exclude_from_weight_decay(var_list=[copies[k] for k in (1, 2, 3)])
    for _ in range(3):
        gradients = [np.full(variable.shape, 0.1, np.float32) for variable in variables]
        ours.apply(gradients, variables)
        theirs.apply(gradients, copies)
    for mine, plain in zip(variables, copies, strict=True):
        np.testing.assert_allclose(mine.numpy(), plain.numpy(), rtol=2e-5, atol=2e-6)
