"""What differs between two recipes, as changes each of which can be made by itself."""

from pathlib import Path

import pytest

from runner.record.difference import ABSENT
from tests.bisecting.made import between


def fields(folder: Path, seeds: int = 1, **parts: str) -> dict[str, tuple[object, object]]:
    return {each.field: (each.good, each.bad) for each in between(folder, seeds, **parts).changes}


def test_each_field_is_a_change_and_defaults_are_in_place(tmp_path: Path) -> None:
    found = fields(
        tmp_path, training="{epochs: 3, time_limit: 10 minutes}", optimizer="{kind: sgd, learning_rate: 0.1}"
    )
    assert found == {"training.epochs": (2, 3), "training.time_limit": (ABSENT, "10 minutes")}


def test_another_kind_is_one_change(tmp_path: Path) -> None:
    assert list(fields(tmp_path, optimizer="{kind: adam, learning_rate: 0.2}")) == ["optimizer"]


def test_layers_are_compared_one_by_one_only_where_there_are_as_many(tmp_path: Path) -> None:
    assert fields(tmp_path, layers="[{kind: dense, units: 5}]") == {"model.layers.0.units": (4, 5)}
    assert list(fields(tmp_path, layers="[{kind: dense, units: 4}, {kind: dense, units: 4}]")) == ["model.layers"]


def test_a_model_with_blocks_is_compared_as_it_is_written(tmp_path: Path) -> None:
    blocks = "{wide: {arguments: {units: 3}, layers: [{kind: dense, units: $units}]}}"
    model = f"{{kind: sequential, blocks: {blocks}, layers: [{{kind: block, block: wide}}]}}"
    found = between(tmp_path, more=f"# {model}")
    bad = Path(found.bad.subject.file)
    bad.write_text(bad.read_text().replace("{kind: sequential, layers: [{kind: dense, units: 4}]}", model))
    assert {each.field for each in found.changes} == {"model.blocks", "model.layers.0"}


def test_what_trains_nothing_is_no_change(tmp_path: Path) -> None:
    more = "description: mine\nexpect: {loss: '<= 3'}\nafter: [report]\nrepeat: {seeds: 2}"
    assert list(fields(tmp_path, seed="2", more=more)) == ["seed"]


def test_with_several_seeds_the_seed_is_no_field(tmp_path: Path) -> None:
    assert list(fields(tmp_path, seeds=3, seed="2", training="{epochs: 3}")) == ["training.epochs"]
    found = between(tmp_path, 3, seed="2", training="{epochs: 3}")
    recipes = [each.recipe for each in found.recipes((0,))]
    assert [(each.seed, each.training.epochs) for each in recipes if each is not None] == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("chosen", [(), (0,), (1,), (0, 1)])
def test_a_recipe_between_has_the_chosen_fields_of_the_bad_one(tmp_path: Path, chosen: tuple[int, ...]) -> None:
    found = between(tmp_path, seed="2", training="{epochs: 3}")
    (loaded,) = found.recipes(chosen)
    assert loaded.recipe is not None
    assert (loaded.recipe.seed == 2, loaded.recipe.training.epochs == 3) == (0 in chosen, 1 in chosen)
