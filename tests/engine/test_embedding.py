"""Sparse gradients, as an embedding has them, go every way that dense ones go."""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from runner.data.examples import Dataset, Examples
from runner.engine.distributed.replicas import ALONE, Replicas
from runner.engine.step.learner import _optimizer
from tests.engine.problem import Problem

WORDS = 6
WAYS: dict[str, dict[str, Any]] = {
    "sgd": {},
    "nesterov": {"optimizer": {"kind": "sgd", "momentum": 0.9, "nesterov": True}},
    "rmsprop": {"optimizer": {"kind": "rmsprop", "epsilon": 1e-3}},
    "adam": {"optimizer": {"kind": "adam", "epsilon": 1e-3}},
    "keras' own update": {"optimizer": {"kind": "adagrad"}},
    "clip value": {"training": {"epochs": 2, "clip": {"value": 0.01}}},
    "clip norm": {"training": {"epochs": 2, "clip": {"norm": 0.05}}},
    "clip global norm": {"training": {"epochs": 2, "clip": {"global_norm": 0.05}}},
    "accumulation": {"training": {"epochs": 2, "accumulate": 3}},
    "loss scale": {"hardware": {"precision": "mixed_float16"}},
    "towers": {"towers": 2},
}


class OneHot(keras.layers.Layer):  # type: ignore[misc]
    """What an embedding computes, by a product that has dense gradients."""

    def build(self, shape: Any) -> None:
        self.table = self.add_weight(shape=(WORDS, 3), initializer="zeros")

    def call(self, inputs: Any) -> Any:
        return keras.ops.matmul(keras.ops.one_hot(keras.ops.cast(inputs, "int32"), WORDS), self.table)


def trained(layer: Any, towers: int = 1, **case: Any) -> list[Any]:
    """Weights after training on sentences of four words, many of them twice in a sentence and in a batch."""
    problem = Problem.make(np.random.default_rng(7), **{"training": {"epochs": 2}, **case})
    generator = np.random.default_rng(1)
    words = generator.integers(0, WORDS, (75, 4)).astype(np.float32)
    problem.dataset = Dataset(Examples(words, (words.sum(1) % 3).astype(np.int32)), None, None)
    dense = keras.layers.Dense(3, activation="softmax")
    model = keras.Sequential([keras.Input((4,)), layer, keras.layers.Flatten(), dense])
    model.set_weights([generator.normal(size=w.shape).astype(np.float32) for w in model.get_weights()])
    first = {name: float(value) for name, value in problem.plan.schedule.evaluate(0).items()}
    optimizer = _optimizer(problem.plan, first, model, ALONE)
    problem.learner = replace(problem.learner, model=model, optimizer=optimizer, replicas=Replicas(towers=towers))
    before = model.get_weights()
    problem.train()
    assert all((a != b).any() for a, b in zip(before, model.get_weights(), strict=True))
    return model.get_weights()  # type: ignore[no-any-return]


@pytest.mark.parametrize("way", WAYS)
def test_an_embedding_trains_as_the_product_with_one_hot_rows_does(way: str) -> None:
    embedded, product = trained(keras.layers.Embedding(WORDS, 3), **WAYS[way]), trained(OneHot(), **WAYS[way])
    for ours, wanted in zip(embedded, product, strict=True):
        np.testing.assert_allclose(ours, wanted, rtol=1e-4, atol=1e-5)
