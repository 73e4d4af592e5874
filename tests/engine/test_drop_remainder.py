"""What fills no batch is left out of an epoch, wherever the examples are."""

from collections.abc import Callable
from typing import Any

import pytest

from runner.data.examples import example_order
from runner.data.facts import DataFacts
from runner.engine.loop import trainer as trainer_module
from runner.errors import DataError
from runner.events import EpochEnded
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from schemas.recipe import Recipe
from tests.engine.problem import BASE, Problem
from tests.engine.replay import losses_of
from tests.engine.test_streaming import resident_in_the_same_order, streaming
from tests.engine.test_trainer import fixed_pace

Make = Callable[..., Problem]
DROP: dict[str, Any] = {**BASE["data"], "drop_remainder": True}


def plan(n: int, **data: Any) -> Plan:
    recipe = Recipe.model_validate({**BASE, "data": {**DROP, **data}})
    return make_plan(recipe, DataFacts("builtin", "made", "1", n, 20, 0, (4,), 3))


@pytest.mark.parametrize(("n", "steps"), [(8, 1), (15, 1), (16, 2), (75, 9)])
def test_an_epoch_has_whole_batches_alone(n: int, steps: int) -> None:
    assert plan(n).steps_per_epoch == steps
    assert plan(n, drop_remainder=False).steps_per_epoch == -(-n // 8)


def test_an_epoch_without_a_batch_is_refused() -> None:
    with pytest.raises(DataError, match="the 7 examples of 'made' do not fill a batch of 8"):
        plan(7)


@pytest.mark.parametrize("pace", [1, 4, 64])
def test_every_step_has_a_whole_batch(problem: Make, monkeypatch: pytest.MonkeyPatch, pace: int) -> None:
    monkeypatch.setattr(trainer_module, "CallLength", fixed_pace(pace))
    case = problem(n=75, data=DROP)
    case.train()
    assert {event.examples / len(event.loss) for event in case.steps()} == {8.0}
    assert [event.step for event in case.events if isinstance(event, EpochEnded)] == [9, 18, 27, 36, 45]
    assert set(example_order(3, 0, 75)[72:]) != set(example_order(3, 1, 75)[72:])


def test_data_that_is_read_as_it_trains_leaves_out_the_same(problem: Make) -> None:
    case = streaming(problem(n=75, data=DROP))
    case.train()
    assert losses_of(case) == losses_of(resident_in_the_same_order(problem(n=75, data=DROP)))
