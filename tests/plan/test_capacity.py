"""A run that is larger than the machine is refused with the figure and what it consists of."""

from dataclasses import dataclass

import pytest

from runner.data.facts import builtin_facts
from runner.errors import TooLarge
from runner.plan.capacity import machine_memory, memory_of, require_fits
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from schemas.data import BuiltinData
from schemas.recipe import Recipe
from tests.schemas.rules_helpers import recipe


@dataclass(frozen=True)
class Row:
    """A layer's shape."""

    path: tuple[str | int, ...]
    output_shape: tuple[int | None, ...]
    parameters: int
    inner_values: int = 0


def plan() -> Plan:
    """A plan on digits: batches of 32, sgd."""
    data = {"source": "builtin", "name": "digits", "scale": "1/16"}
    made = Recipe.model_validate(recipe({"data": data}))
    assert isinstance(made.data, BuiltinData)
    return make_plan(made, builtin_facts(made.data))


SMALL = Row(("model", "layers", 1), (10,), 650)


def test_the_estimate_is_that_of_the_design() -> None:
    memory = memory_of(plan(), [SMALL])
    assert memory.weights == 650 * (2 + 1) * 4
    assert memory.activations == (8 * 8 + 10) * 32 * 4
    assert memory.data == 1797 * (64 + 4)


def test_what_fits_passes() -> None:
    require_fits(plan(), [SMALL], memory_of(plan(), [SMALL]).total)
    require_fits(plan(), [SMALL], machine_memory())


@pytest.mark.parametrize(
    ("row", "path"),
    [
        (Row(("model", "layers", 4), (10,), 10**12), ("model", "layers", 4)),
        (Row(("model", "layers", 4), (10**12,), 10), ("data", "batch_size")),
    ],
)
def test_what_does_not_fit_names_the_largest_part(row: Row, path: tuple[str | int, ...]) -> None:
    with pytest.raises(
        TooLarge, match=r"needs about .* TiB of memory, this machine has .*weights.*activations.*data"
    ) as told:
        require_fits(plan(), [SMALL, row, SMALL], 2**35)
    assert told.value.path == path
    assert told.value.help[-1] == "`recipe run --force` tries it all the same"


def test_data_alone_can_be_too_much() -> None:
    with pytest.raises(TooLarge) as told:
        require_fits(plan(), [SMALL], 100_000)
    assert told.value.path == ("data", "splits")


def test_this_machine_has_some_memory() -> None:
    assert 2**28 < machine_memory() < 2**50
