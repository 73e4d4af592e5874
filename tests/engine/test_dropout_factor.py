"""A curve multiplies dropout rates: the masks are those of layers that have these rates, to the bit."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from runner.model.dropout import Dropout
from runner.model.layers import OURS
from runner.model.saving import save_model
from tests.engine.problem import Problem
from tests.engine.replay import losses_of

Make = Callable[..., Problem]
CONSTANT = {"duration": "100%", "factor": 1}


def made(problem: Make, rate: float, *rows: dict[str, Any], **case: Any) -> Problem:
    layers = [{"kind": "dense", "units": 6, "activation": "relu", "dropout": rate}, {"kind": "dropout", "rate": rate}]
    factor = {"dropout_factor": {"phases": list(rows)}} if rows else {}
    return problem(model={"kind": "sequential", "input_dropout": rate, "layers": layers, **factor}, **case)


def trained(case: Problem) -> Problem:
    case.train()
    return case


def require_same_bits(one: Problem, other: Problem) -> None:
    assert losses_of(one) == losses_of(other)
    for ours, theirs in zip(one.learner.model.variables, other.learner.model.variables, strict=True):
        assert np.array_equal(ours, theirs)


WAYS = [
    {},
    {"hardware": {"precision": "mixed_float16"}},
    pytest.param({"hardware": {"xla": "on"}}, marks=pytest.mark.slow),
]


@pytest.mark.parametrize("case", WAYS, ids=str)
def test_a_constant_factor_of_one_changes_no_bit(problem: Make, case: dict[str, Any]) -> None:
    require_same_bits(trained(made(problem, 0.3, **case)), trained(made(problem, 0.3, CONSTANT, **case)))


def test_a_constant_factor_is_another_rate_to_the_bit(problem: Make) -> None:
    half = made(problem, 0.4, {"duration": "100%", "factor": 0.5})
    require_same_bits(trained(half), trained(made(problem, 0.2)))


def test_a_factor_acts_from_its_step_on_and_not_before(problem: Make) -> None:
    rows = [{"duration": "2 epochs", "factor": 1}, {"duration": "3 epochs", "factor": 0}]
    plain, ends = trained(made(problem, 0.3)), trained(made(problem, 0.3, *rows))
    switch = 2 * plain.plan.steps_per_epoch
    assert losses_of(ends)[:switch] == losses_of(plain)[:switch]
    assert losses_of(ends)[switch] != losses_of(plain)[switch]


def test_what_acted_is_what_was_planned_and_is_recorded(problem: Make) -> None:
    case = trained(made(problem, 0.3, {"duration": "100%", "factor": {"from": 2, "to": 0.1}, "curve": "exponential"}))
    planned = case.plan.schedule.evaluate(np.arange(case.plan.steps))["dropout_factor"]
    used = [value for event in case.steps() for value in (event.driven or {})["dropout_factor"]]
    assert np.array_equal(np.float32(used), planned)
    assert (planned[0], planned[-1]) == (np.float32(2), np.float32(0.1))


@pytest.mark.parametrize(("rate", "factor"), [(0.3, 1.0), (0.4, 0.5), (0.25, 3.0), (0.7, 0.0), (0.1, 0.3), (0.9, 1.2)])
def test_masks_and_scale_are_those_of_the_product(rate: float, factor: float) -> None:
    x = np.random.default_rng(0).normal(size=(64, 33)).astype(np.float32)
    driven = Dropout(rate, seed=3)
    driven.follow(tf.Variable(factor, dtype=tf.float32))
    product = min(round(float(np.float32(factor)) * rate * 2**16), 2**16 - 1) / 2**16
    plain = Dropout(product, seed=3)
    wanted = np.asarray(plain(x, training=True)) if product else x
    assert np.array_equal(np.asarray(driven(x, training=True)), wanted)
    assert np.array_equal(np.asarray(driven(x, training=False)), x)


def test_the_saved_model_has_the_rate_of_the_recipe(problem: Make, tmp_path: Any) -> None:
    case = trained(made(problem, 0.3, {"duration": "100%", "factor": 0.5}))
    save_model(case.learner.model, case.learner.optimizer.optimizer, case.plan, tmp_path / "model.keras")
    opened = keras.models.load_model(tmp_path / "model.keras")
    assert {layer.rate for layer in opened.layers if isinstance(layer, keras.layers.Dropout)} == {0.3}


KINDS: dict[str, tuple[int, ...]] = {
    "alpha_dropout": (40, 33),
    "gaussian_dropout": (40, 33),
    "drop_path": (40, 3, 2),
    "spatial_dropout1d": (40, 5, 4),
    "spatial_dropout2d": (40, 3, 3, 4),
    "spatial_dropout3d": (20, 2, 2, 2, 4),
}


@pytest.mark.parametrize("precision", ["float32", "mixed_float16"])
@pytest.mark.parametrize("kind", KINDS)
def test_other_kinds_are_those_of_the_product_to_the_bit_and_keras_own_in_a_file(kind: str, precision: str) -> None:
    x = np.random.default_rng(0).normal(size=KINDS[kind]).astype(np.float32)

    def outputs(rate: float, factor: float | None) -> Any:
        layer = OURS[kind](rate, seed=3, dtype=precision)
        if factor is not None:
            layer.follow(tf.Variable(factor, dtype=tf.float32))
        made = tf.function(lambda inputs: layer(inputs, training=True), autograph=False)(tf.constant(x))
        assert np.array_equal(layer(x, training=False), tf.cast(x, layer.compute_dtype))
        return np.asarray(made)

    plain = outputs(0.25, None)
    assert np.array_equal(outputs(0.25, 1.0), plain)
    assert np.array_equal(outputs(0.5, 0.5), plain)
    assert not np.array_equal(outputs(0.25, 2.0), plain)
    assert np.array_equal(outputs(0.25, 0.0), np.asarray(tf.cast(x, plain.dtype)))
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(OURS[kind](0.25)))
    assert type(again).__module__.startswith("keras.src")
