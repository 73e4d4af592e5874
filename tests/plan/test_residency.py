"""What of the data stays in memory follows from its size and the recipe's limit, never from the machine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.data.facts import DataFacts
from runner.data.placement import Placement, Window, described, placement

MIB = 2**20


def facts(train: int, evaluated: int = 0, side: int = 28) -> DataFacts:
    return DataFacts("tfds", "made", "1", train, evaluated, 0, (side, side, 1), 10, 1)


def test_what_fits_stays() -> None:
    data = facts(55_000, 5_000)
    size = data.bytes_per_example * 60_000
    assert data.bytes_per_example == 28 * 28 + 4
    assert placement(data, size) == Placement(None, True, size)
    assert described(placement(data, size), data) == "in memory"


def test_what_does_not_fit_is_read_in_windows_of_an_eighth() -> None:
    data = facts(55_000, 5_000)
    found = placement(data, 32 * MIB)
    assert found == Placement(Window(1024, 5), True, 32 * MIB)
    assert described(found, data) == "read as it trains: 11 windows of 5,120 examples, in blocks of 1,024"


def test_evaluated_examples_stay_within_a_quarter() -> None:
    assert placement(facts(55_000, 10_000), 32 * MIB).evaluation
    assert not placement(facts(55_000, 11_000), 32 * MIB).evaluation


def test_large_examples_are_read_one_by_one() -> None:
    assert placement(facts(100, side=2000), MIB).window == Window(1, 1)


@given(train=st.integers(1, 10**9), evaluated=st.integers(0, 10**6), side=st.integers(1, 300), mib=st.integers(1, 4096))
def test_windows_keep_within_the_limit(train: int, evaluated: int, side: int, mib: int) -> None:
    data, limit = facts(train, evaluated, side), mib * MIB
    found = placement(data, limit)
    if found.window is None:
        assert found.size <= limit
        return
    windows = 5 * found.window.examples * data.bytes_per_example
    kept = data.bytes_per_example * evaluated if found.evaluation else 0
    assert windows + kept <= limit or found.window == Window(1, 1)
    assert found.window.block * found.window.blocks == found.window.examples


@pytest.mark.parametrize("limit", ["1 MiB", "8 MiB", "2 GiB"])
def test_the_limit_decides_for_a_recipe(limit: str) -> None:
    from runner.data.facts import builtin_facts
    from runner.plan.make_plan import make_plan
    from schemas.recipe import Recipe

    data = {"source": "builtin", "name": "mnist-5k", "resident_limit": limit}
    recipe = Recipe.model_validate(
        {"recipe": 1, "name": "a", "task": "classification", "data": data, "optimizer": {"kind": "sgd"},
         "model": {"kind": "sequential", "layers": [{"kind": "flatten"}]}, "training": {"epochs": 1}}
    )  # fmt: skip
    plan = make_plan(recipe, builtin_facts(recipe.data))
    assert (plan.placement.window is None) == (limit != "1 MiB")
