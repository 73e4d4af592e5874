"""An embedding's sparse gradients act like those of a table that is multiplied out."""

from typing import Any

import numpy as np
import pytest

from runner.data.examples import Dataset, Examples
from runner.data.facts import DataFacts
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.engine.step.learner import make_learner
from runner.plan.make_plan import make_plan
from schemas.recipe import Recipe
from tests.engine.problem import BASE

LAYERS = [{"kind": "embedding", "input_dim": 9, "output_dim": 3}, {"kind": "global_average_pooling1d"}]
_random = np.random.default_rng(2)
X, Y = _random.integers(0, 9, (40, 5)).astype(np.int32), _random.integers(0, 3, 40).astype(np.int32)


def trained(**training: Any) -> list[Any]:
    recipe = Recipe.model_validate(
        {**BASE, "model": {"kind": "sequential", "layers": LAYERS}, "optimizer": {"kind": "adam", "learning_rate": 0.1},
         "training": {"epochs": 3, **training}}
    )  # fmt: skip
    plan = make_plan(recipe, DataFacts("builtin", "made", "1", 40, 0, 0, (5,), 3))
    dataset = Dataset(Examples(X, Y), None, None)
    learner = make_learner(plan, dataset)
    before = learner.model.get_weights()
    Trainer(plan, learner, dataset, lambda event: None, StopRequest()).run()
    after: list[Any] = learner.model.get_weights()
    assert np.abs(after[0] - before[0]).max() > 0.01
    return after


@pytest.mark.parametrize("clip", [None, {"global_norm": 0.05}, {"norm": 0.05}, {"value": 0.01}], ids=str)
def test_micro_batches_and_bounds_take_the_gradients_of_an_embedding(clip: dict[str, float] | None) -> None:
    bounded = {} if clip is None else {"clip": clip}
    for one, other in zip(trained(**bounded), trained(accumulate=2, **bounded), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-4)
