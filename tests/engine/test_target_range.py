"""Targets that a loss has no meaning for."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from runner.data.examples import Examples
from runner.data.facts import DataFacts
from runner.engine.loop.target_range import require_targets_in_range
from runner.errors import DataError
from runner.plan.make_plan import make_plan
from schemas.recipe import Recipe
from tests.engine.problem import BASE


@pytest.mark.parametrize("loss", ["poisson", "mean_squared_logarithmic_error"])
def test_counts_and_logarithms_are_of_numbers_from_zero_on(loss: str) -> None:
    plan: Any = SimpleNamespace(loss=loss)
    x = np.zeros((3, 1), np.float32)
    require_targets_in_range(plan, Examples(x, np.float32([0, 1, 5])))
    with pytest.raises(DataError, match=rf"{loss} needs targets from 0 on; a training example has -2") as told:
        require_targets_in_range(plan, Examples(x, np.float32([0, -2, 5])))
    assert told.value.path == ("training", "loss")
    require_targets_in_range(SimpleNamespace(loss="huber"), Examples(x, np.float32([0, -2, 5])))  # type: ignore[arg-type]


def test_as_many_classes_as_k_are_refused_once_the_data_tells() -> None:
    recipe = Recipe.model_validate({**BASE, "training": {"epochs": 1, "metrics": ["accuracy", "top_2_accuracy"]}})
    make_plan(recipe, DataFacts("builtin", "made", "1", 75, 20, 0, (4,), 3))
    with pytest.raises(DataError, match="top_2_accuracy is always 1: 'made' has 2 classes") as told:
        make_plan(recipe, DataFacts("builtin", "made", "1", 75, 20, 0, (4,), 2))
    assert told.value.path == ("training", "metrics", 1)
