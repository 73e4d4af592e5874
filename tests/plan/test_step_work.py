"""The length of a run is known before Keras is imported: by the multiply-adds that Keras' layers have."""

from typing import Any

import pytest

from runner.data.facts import DataFacts
from runner.model.planned_shapes import planned_shapes
from runner.plan.layer_shapes import shaped_layers
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from runner.plan.step_work import _work, least_seconds
from schemas.recipe import Recipe

CONV: dict[str, Any] = {"kind": "conv2d", "filters": 6, "kernel_size": [3, 2], "strides": 2}
MODELS: dict[str, tuple[tuple[int, ...], list[dict[str, Any]]]] = {
    "dense": ((5,), [{"kind": "dense", "units": 40}, {"kind": "dense", "units": 7}]),
    "dense on rows": ((4, 5), [{"kind": "dense", "units": 9}, {"kind": "flatten"}]),
    "images": ((9, 9, 2), [CONV, {**CONV, "kernel_size": 3, "groups": 2}, {"kind": "flatten"}]),
    "sequences": ((12, 3), [{"kind": "conv1d", "filters": 8, "kernel_size": 3}, {"kind": "lstm", "units": 6}]),
    "gated": ((12, 3), [{"kind": "gru", "units": 6}]),
}


def plan(shape: tuple[int, ...], layers: list[dict[str, Any]]) -> Plan:
    data = {"source": "builtin", "name": "iris", "batch_size": 64}
    recipe = {"recipe": 1, "name": "small", "task": "classification", "data": data, "training": {"epochs": 100}}
    own = {**recipe, "model": {"kind": "sequential", "layers": layers}, "hardware": {"threads": 2}}
    return make_plan(Recipe.model_validate(own), DataFacts("builtin", "iris", "1", 150, 0, 0, shape, 3))


@pytest.mark.parametrize("name", MODELS)
def test_multiply_adds_are_those_of_the_keras_layers(name: str) -> None:
    made = plan(*MODELS[name])
    found = [_work(shaped).multiply_adds for shaped in shaped_layers(made.layers, made.data.layer_input)]
    assert found == [row.multiply_adds for row in planned_shapes(made)]
    assert sum(found) > 0


def test_the_length_of_a_run_is_that_of_three_passes_and_the_updates() -> None:
    """5 · 4000 + 4000² + 4000 · 3 multiply-adds an example, ten operations for each of as many weights."""
    wide = plan((5,), [{"kind": "dense", "units": 4000}] * 2)
    assert least_seconds(wide) == pytest.approx(300 * (6 * 16.032e6 * 64 + 10 * 16.032e6) / 1e11)
    table = plan((8,), [{"kind": "embedding", "input_dim": 1000, "output_dim": 4}, {"kind": "flatten"}])
    assert least_seconds(table) == pytest.approx(300 * (6 * 96 * 64 + 10 * (4000 + 96)) / 1e11)
