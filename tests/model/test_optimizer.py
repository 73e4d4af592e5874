"""Every optimizer of the language is Keras' own, with a momentum that acts."""

import inspect
from typing import Any

import keras
import numpy as np
import pytest

from runner.model.optimizer import build_optimizer, keras_arguments, keras_class
from schemas.optimizer import optimizers

CLASSES = tuple(optimizers().values())
KINDS = [cls.model_fields["kind"].annotation.__args__[0] for cls in CLASSES]
OURS = {"kind", "learning_rate", "exclude_from_weight_decay"}
# What belongs to `training:` (clipping, averaging, accumulation), and what takes names of layers.
ELSEWHERE = {
    "self", "learning_rate", "name", "kwargs", "clipnorm", "clipvalue", "global_clipnorm", "use_ema", "ema_momentum",
    "ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps", "exclude_layers",
    "exclude_embeddings",
}  # fmt: skip


def made(kind: str, **arguments: Any) -> Any:
    return CLASSES[KINDS.index(kind)](kind=kind, **arguments)


@pytest.mark.parametrize("kind", KINDS)
def test_arguments_and_defaults_are_those_of_keras(kind: str) -> None:
    schema = made(kind)
    parameters = inspect.signature(keras_class(schema).__init__).parameters
    wanted = {name: p.default for name, p in parameters.items() if name not in ELSEWHERE}
    assert schema.model_dump(exclude=OURS) == wanted


def test_every_optimizer_of_keras_has_a_kind() -> None:
    own = {name for name, cls in vars(keras.optimizers).items() if inspect.isclass(cls)}
    helpers = {"Optimizer", "OptimizerMap", "LossScaleOptimizer", "MultiOptimizer", "ScheduleFreeAdamW"}
    assert own - helpers == {keras_class(made(kind)).__name__ for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_config_is_plain_and_opens_with_keras_own_class(kind: str) -> None:
    schema = made(kind)
    config = build_optimizer(schema, {"learning_rate": 0.01}).optimizer.get_config()
    plain = keras_class(schema)(**keras_arguments(schema, 0.01)).get_config()
    assert {**config, "name": ""} == {**plain, "name": ""}
    assert keras_class(schema).from_config(config).get_config() == config


def one_update(kind: str, momentum: float | None) -> Any:
    built = build_optimizer(made(kind), {"learning_rate": 0.1})
    variable = keras.Variable(np.ones((3, 2), np.float32))
    built.optimizer.build([variable])
    for gradient in (1.0, -0.5, -0.5, 0.2, 0.1):  # opposing: even the sign of a running mean depends on its memory
        if momentum is not None and "momentum" in built.variables:
            built.variables["momentum"].assign(momentum)
        built.optimizer.apply([np.full((3, 2), gradient, np.float32)], [variable])
    return variable.numpy()


@pytest.mark.parametrize("kind", KINDS)
def test_an_update_changes_weights_and_momentum_acts_where_there_is_one(kind: str) -> None:
    assert np.isfinite(one_update(kind, None)).all()
    assert (one_update(kind, None) != 1).all()
    differs = bool((one_update(kind, 0.1) != one_update(kind, 0.99)).any())
    assert differs == (made(kind).driven_momentum is not None)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if made(kind).driven_momentum is not None])
def test_the_momentum_is_no_slot(kind: str) -> None:
    built = build_optimizer(made(kind), {"learning_rate": 0.1})
    variable = keras.Variable(np.ones(2, np.float32))
    built.optimizer.build([variable])
    assert all(variable is not built.variables["momentum"] for variable in built.optimizer.variables)
    moving = {"momentum": 0.5} if kind in ("sgd", "rmsprop") else {}
    plain = keras_class(made(kind))(**keras_arguments(made(kind), 0.1) | moving)
    plain.build([variable])
    assert len(built.optimizer.variables) == len(plain.variables)


@pytest.mark.parametrize("kind", KINDS)
def test_it_keeps_as_many_numbers_as_it_says(kind: str) -> None:
    keys = {} if CLASSES[KINDS.index(kind)].slot_key is None else {CLASSES[KINDS.index(kind)].slot_key: True}
    for schema in (made(kind), made(kind, **keys)):
        optimizer = build_optimizer(schema, {"learning_rate": 0.01}).optimizer
        variable = keras.Variable(np.ones((30, 20), np.float32))
        optimizer.build([variable])
        kept = sum(int(np.prod(slot.shape)) for slot in optimizer.variables if len(slot.shape))
        row_and_column = 50 if kind == "adafactor" else 0
        assert kept == schema.slots_per_weight * 600 + row_and_column or (kind == "muon" and kept == 600)  # of a matrix


@pytest.mark.parametrize("kind", KINDS)
def test_its_learning_rate_left_out_is_keras_own(kind: str) -> None:
    parameters = inspect.signature(keras_class(made(kind)).__init__).parameters
    assert made(kind).default_rate == parameters["learning_rate"].default


def test_only_momentum_that_must_be_above_zero_says_so() -> None:
    assert [kind for kind in KINDS if made(kind).momentum_above_zero] == ["lion"]
