"""Values from the command line and from the environment."""

from pathlib import Path
from typing import Any

import pytest

from runner.diagnostics import Diagnostic, render
from runner.source import load
from tests.source.samples import MNIST, PHASES


def with_sets(tmp_path: Path, *sets: str, text: str = MNIST) -> Any:
    """The recipe with overrides; it must be right."""
    path = tmp_path / "r.yaml"
    path.write_text(text)
    loaded = load(path, sets=sets)
    assert loaded.ok, render(loaded.diagnostics)
    return loaded.recipe


def refused(tmp_path: Path, *sets: str, text: str = MNIST) -> tuple[Diagnostic, ...]:
    """What is said about overrides that are wrong."""
    path = tmp_path / "r.yaml"
    path.write_text(text)
    loaded = load(path, sets=sets)
    assert not loaded.ok
    return loaded.diagnostics


def test_a_key_is_replaced(tmp_path: Path) -> None:
    assert with_sets(tmp_path, "training.epochs=20").training.epochs == 20


def test_a_key_that_the_recipe_lacks_is_added(tmp_path: Path) -> None:
    recipe = with_sets(tmp_path, "hardware.threads=2", "training.early_stopping.patience=4")
    assert recipe.hardware.threads == 2
    assert recipe.training.early_stopping.patience == 4


def test_an_index_reaches_into_a_list(tmp_path: Path) -> None:
    recipe = with_sets(
        tmp_path, "model.layers.1.units=7", "model.layers.2={kind: flatten}", "training.metrics.0=accuracy"
    )
    assert recipe.model.layers[1].units == 7
    assert recipe.model.layers[2].kind == "flatten"


def test_the_first_equals_sign_divides(tmp_path: Path) -> None:
    recipe = with_sets(tmp_path, 'expect.test_accuracy=">= 0.5"', "description='a=b=c'")
    assert str(recipe.expect["test_accuracy"]) == ">= 0.5"
    assert recipe.description == "a=b=c"


def test_the_value_is_yaml(tmp_path: Path) -> None:
    recipe = with_sets(
        tmp_path, "training.metrics=[]", "schedule={kind: constant, learning_rate: 1e-2}", "name=no", 'description=""'
    )
    assert recipe.training.metrics == ()
    assert recipe.schedule.learning_rate == 0.01
    assert (recipe.name, recipe.description) == ("no", "")


def test_null_puts_a_key_back_to_its_default(tmp_path: Path) -> None:
    recipe = with_sets(tmp_path, "seed=null", "data.fallback=null", "schedule.momentum=~", "hardware.threads=null")
    assert recipe.seed == 0
    assert recipe.data.fallback is None
    assert (recipe.schedule.momentum.high, recipe.schedule.momentum.low) == (0.95, 0.85)


def test_null_removes_a_key_that_the_new_kind_does_not_have(tmp_path: Path) -> None:
    sets = ("data.source=builtin", "data.name=mnist-5k", "data.splits=null", "data.fallback=null")
    assert with_sets(tmp_path, *sets).data.name == "mnist-5k"
    assert (
        with_sets(tmp_path, "data.fallback.expect=null", *sets[:2], "data.fallback.expect=null").data.name == "mnist-5k"
    )
    adam = with_sets(tmp_path, "optimizer.kind=adam", "optimizer.nesterov=null", "optimizer.momentum=null").optimizer
    assert adam.kind == "adam"


def test_null_removes_a_key_that_is_misspelt_in_the_file(tmp_path: Path) -> None:
    assert with_sets(tmp_path, "sead=null", text=MNIST.replace("seed:", "sead:")).seed == 0


def test_null_makes_no_mapping_on_its_way(tmp_path: Path) -> None:
    recipe = with_sets(tmp_path, "training.early_stopping.patience=null", "training.ema.decay=null")
    assert (recipe.training.early_stopping, recipe.training.ema) == (None, None)


def test_later_overrides_win(tmp_path: Path) -> None:
    assert with_sets(tmp_path, "seed=1", "seed=2").seed == 2


def test_another_kind_starts_the_mapping_afresh(tmp_path: Path) -> None:
    recipe = with_sets(tmp_path, "optimizer.kind=adam", "optimizer.beta_1=0.8")
    assert recipe.optimizer.beta_1 == 0.8
    assert with_sets(tmp_path, "optimizer.kind=sgd").optimizer.nesterov is True


def test_from_is_a_key(tmp_path: Path) -> None:
    assert with_sets(tmp_path, "schedule.phases.0.learning_rate.from=0.01", text=PHASES)


@pytest.mark.parametrize(
    ("argument", "code", "file", "column", "length", "says"),
    [
        ("training.epochs", "R024", "--set training.epochs", 1, 15, "key.key=VALUE"),
        ("=3", "R024", "--set ", 1, 2, "key.key=VALUE"),
        ("training..epochs=3", "R024", "--set training..epochs", 1, 18, "key.key=VALUE"),
        ("training.epochs=", "R024", "--set training.epochs", 1, 16, "null"),
        ("training.epochs=[1", "R004", "--set training.epochs", 17, 1, "not closed"),
        ("training.epochs=!x 1", "R005", "--set training.epochs", 17, 2, "tags"),
        ("training.epochs=1e400", "R009", "--set training.epochs", 17, 5, "too large"),
        ("training.epochs=ten", "R013", "--set training.epochs", 17, 3, "a whole number"),
        ("training.epochs='3'", "R015", "--set training.epochs", 17, 3, "3"),
        ("schedule.kind=onecycle", "R011", "--set schedule.kind", 15, 8, "1cycle"),
        ("training.epoch=3", "R025", "--set training.epoch", 10, 5, "did you mean 'epochs'?"),
        ("epochs=3", "R025", "--set epochs", 1, 6, "'epochs' is a key of 'training': training.epochs"),
        ("lr=3", "R025", "--set lr", 1, 2, "optimizer.learning_rate"),
        ("training.seed=3", "R025", "--set training.seed", 10, 4, "a top-level key"),
        ("training.batch_size=3", "R025", "--set training.batch_size", 10, 10, "data.batch_size"),
        ("trainin.epochs=3", "R025", "--set trainin.epochs", 1, 7, "did you mean 'training'?"),
        ("training.zzz=null", "R025", "--set training.zzz", 10, 3, "keys of this place: epochs"),
        ("model.layers.3.units=1", "R025", "--set model.layers.3.units", 14, 1, "0 to 2"),
        ("model.layers.-1.units=1", "R025", "--set model.layers.-1.units", 14, 2, "0 to 2"),
        ("model.layers.x=1", "R025", "--set model.layers.x", 14, 1, "0 to 2"),
        ("model.layers.1=null", "R025", "--set model.layers.1", 14, 1, "no default"),
        ("model.layers.0.units=1", "R025", "--set model.layers.0.units", 16, 5, "unknown key 'units'"),
        ("training.epochs.x=1", "R025", "--set training.epochs.x", 17, 1, "10"),
        ("description.x=1", "R025", "--set description.x", 13, 1, "no keys"),
        ("extends=x.yaml", "R025", "--set extends", 1, 7, "unknown key 'extends'"),
        ("seed=1\n---\n2", "R006", "--set seed", 1, 3, "second document"),
        ("seed=\x07", "R003", "--set seed", 6, 1, "U+0007"),
        ("training.early_stopping.patience=0", "R014", "--set training.early_stopping.patience", 34, 1, "at least 1"),
    ],
)  # fmt: skip
def test_a_wrong_override_shows_the_argument(
    tmp_path: Path, argument: str, code: str, file: str, column: int, length: int, says: str
) -> None:
    (found,) = refused(tmp_path, argument)
    assert found.span is not None
    told = render([found])
    assert (found.code, found.span.file, found.span.column, found.span.length) == (code, file, column, length), told
    assert found.excerpt in argument.split("\n")
    assert says in told


def test_all_wrong_overrides_are_told_in_their_order(tmp_path: Path) -> None:
    found = refused(tmp_path, "x", "seed=x", "y.z=1", "training.epochs=0")
    assert [d.span.file for d in found if d.span] == ["--set x", "--set seed", "--set y.z", "--set training.epochs"]


def test_a_required_key_that_is_put_back_is_missing(tmp_path: Path) -> None:
    (found,) = refused(tmp_path, "name=null")
    assert (found.code, found.message) == ("R010", "missing key 'name'")


def test_a_new_kind_lacks_its_own_keys_at_the_recipes_place(tmp_path: Path) -> None:
    (found,) = refused(tmp_path, "schedule.kind=cosine")
    assert found.message == "missing key 'initial_lr' for kind 'cosine'"


def test_variables_set_keys_below_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(MNIST)
    environment = {"RECIPE__TRAINING__EPOCHS": "3", "RECIPE__SEED": "5", "RECIPE_SEED": "6", "PATH": "/"}
    recipe = load(path, sets=["seed=8"], environment=environment).recipe
    assert recipe is not None
    assert (recipe.training.epochs, recipe.seed) == (3, 8)


def test_a_wrong_variable_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(MNIST)
    (found,) = load(path, environment={"RECIPE__TRAINING__EPOCHS": "x"}).diagnostics
    assert found.span is not None
    assert found.span.file == "RECIPE__TRAINING__EPOCHS"
    assert found.excerpt == "training.epochs=x"
