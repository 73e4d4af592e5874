"""Classes that no training example has are told once the examples are read."""

from dataclasses import replace

import numpy as np
import pytest

from runner.data.examples import Examples
from runner.data.facts import DataFacts
from runner.engine.loop.classes import unseen_classes
from runner.errors import DataError
from runner.model.losses import class_weights
from runner.plan.make_plan import make_plan
from schemas.recipe import Recipe
from tests.engine.problem import BASE

PLAN = make_plan(Recipe.model_validate(BASE), DataFacts("builtin", "made", "1", 6, 2, 0, (4,), 3))


def having(*classes: int) -> Examples:
    return Examples(np.zeros((len(classes), 4), np.float32), np.array(classes, np.int32))


@pytest.mark.parametrize(
    ("classes", "says"),
    [((0, 0, 2, 2), "has class 1"), ((1, 1, 1, 1), "has classes 0, 2"), ((2, 1, 0, 0), None), ((0, 0), None)],
)
def test_classes_without_an_example_are_named(classes: tuple[int, ...], says: str | None) -> None:
    found = unseen_classes(PLAN, having(*classes))
    assert found is None if says is None else says in str(found)


def test_a_regression_has_no_classes() -> None:
    plan = replace(PLAN, data=replace(PLAN.data, classes=None))
    assert unseen_classes(plan, having(0, 0, 0, 0)) is None


def test_weights_that_leave_no_training_example_are_refused() -> None:
    with pytest.raises(DataError, match="always 0"):
        class_weights({"1": 0.0}, lambda: np.array([1, 1]), 3)
    assert class_weights({"1": 0.0}, lambda: np.array([1, 2]), 3) is not None


@pytest.mark.parametrize(
    ("data", "changes", "codes"),
    [
        (DataFacts("tfds", "made", "1", 2, 2, 0, (4,), 3), {}, ["R244"]),
        (DataFacts("tfds", "made", "1", 3, 2, 0, (4,), 3), {}, []),
        (DataFacts("tfds", "made", "1", 33, 2, 0, (4,), 3), {"layers": [{"kind": "batch_normalization"}]}, ["R245"]),
        (DataFacts("tfds", "made", "1", 34, 2, 0, (4,), 3), {"layers": [{"kind": "batch_normalization"}]}, []),
    ],
)
def test_the_plan_tells_what_the_size_of_the_data_brings(
    data: DataFacts, changes: dict[str, object], codes: list[str]
) -> None:
    tfds = {"source": "tfds", "name": "mnist", "batch_size": 8}
    recipe = Recipe.model_validate({**BASE, "data": tfds, "model": {**BASE["model"], **changes}})
    assert [warning.code for warning in make_plan(recipe, data).warnings] == codes


def test_weights_that_are_all_zero_are_refused_by_the_plan() -> None:
    weights = {"class_weight": {"0": 0.0, "1": 0.0, "2": 0.0}}
    recipe = Recipe.model_validate({**BASE, "training": {**BASE["training"], **weights}})
    with pytest.raises(DataError, match="all 3 classes of 'made' have class_weight 0"):
        make_plan(recipe, DataFacts("tfds", "made", "1", 60, 2, 0, (4,), 3))
