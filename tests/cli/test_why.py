"""``recipe why``: where a value came from, and over what it won."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import recipe
from tests.cli.test_validate import HEAVY, imported_by

BASE = """\
recipe: 1
name: base
task: classification
data: {source: builtin, name: digits, scale: 1/16}
model: {kind: sequential, layers: [{kind: flatten}, {kind: dense, units: 20}]}
optimizer: {kind: sgd, momentum: 0.8}
schedule: {kind: 1cycle, max_lr: 0.2}
training: {epochs: 5}
"""
MINE = """\
extends: base.yaml
name: mine
training:
  epochs: 10   # longer
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a recipe and its base."""
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "mine.yaml").write_text(MINE)
    return tmp_path


def why(folder: Path, *arguments: str, **variables: str) -> list[str]:
    """The lines of the answer."""
    done = recipe("why", *arguments, cwd=folder, **variables)
    assert done.returncode == 0, done.stderr
    return [" ".join(line.split()) for line in done.stdout.splitlines()]


def test_the_whole_chain_is_told_the_winner_first(folder: Path) -> None:
    assert why(folder, "mine.yaml", "name", "--set", "name=yours", RECIPE__NAME="theirs") == [
        "name = yours",
        "--set name name=yours",
        "instead of RECIPE__NAME name=theirs",
        "instead of mine.yaml:2 name: mine",
        "instead of base.yaml:2 name: base",
        "default: none, the key is required",
        "Name of the run and of its folder.",
    ]


def test_a_base_is_named_with_its_line(folder: Path) -> None:
    lines = why(folder, "mine.yaml", "optimizer.momentum")
    assert lines[:3] == [
        "optimizer.momentum = 0.8", "base.yaml:6 optimizer: {kind: sgd, momentum: 0.8}", "default: 0.0",
    ]  # fmt: skip


def test_a_default_says_whose_it_is_and_what_it_is_for(folder: Path) -> None:
    assert why(folder, "mine.yaml", "model.layers[1].use_bias") == [
        "model.layers.1.use_bias = true", "default of dense", "Whether to use a bias.",
    ]  # fmt: skip


def test_what_was_dropped_with_another_kind_is_told(folder: Path) -> None:
    lines = why(folder, "mine.yaml", "optimizer.momentum", "--set", "optimizer={kind: rmsprop}")
    assert lines[:3] == [
        "optimizer.momentum = 0.0", "default of rmsprop",
        "instead of base.yaml:6 optimizer: {kind: sgd, momentum: 0.8}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ("training.loss", "inferred: sparse_categorical_crossentropy, from the task"),
        ("training.best", "inferred: val_loss, from the data's splits"),
        ("model.output.units", "inferred: dense 10 softmax, from the task and the data"),
        ("schedule.initial_lr", "inferred: 0.02, from max_lr / 10"),
    ],
)
def test_inferred_values_say_from_what(folder: Path, field: str, answer: str) -> None:
    assert why(folder, "mine.yaml", field)[1] == answer


@pytest.mark.parametrize(
    ("field", "says", "help"),
    [
        ("training.epoch", "no field 'epoch' of 'training'", "did you mean 'training.epochs'?"),
        ("trainig.epochs", "no field 'trainig'", "did you mean 'training'?"),
        ("model.layers.1.droput", "no field 'droput' of 'model.layers.1'", "did you mean 'model.layers.1.dropout'?"),
        ("model.layers.7", "'model.layers' has 2 items, got '7'", "a number from 0 to 1"),
        ("training.epochs.x", "no field 'x' of 'training.epochs', which is 10", "give the path up to it"),
        ("zzz", "no field 'zzz'", "fields: recipe, name"),
    ],
)
def test_an_unknown_field_exits_2_with_the_nearest(folder: Path, field: str, says: str, help: str) -> None:
    done = recipe("why", "mine.yaml", field, cwd=folder)
    assert done.returncode == 2
    assert says in done.stderr
    assert help in done.stderr


def test_a_mapping_tells_all_that_is_in_it(folder: Path) -> None:
    lines = why(folder, "mine.yaml", "data")
    assert "data.scale = 0.0625 base.yaml:4" in lines
    assert "data.splits.train = 80% default" in lines


def test_without_a_field_what_was_set_is_told(folder: Path) -> None:
    done = recipe("why", "mine.yaml", "--set", "optimizer.momentum=null", cwd=folder)
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "data.scale = 0.0625 base.yaml:4" in lines
    assert "training.epochs = 10 mine.yaml:4" in lines
    assert not [line for line in lines if line.startswith(("seed ", "data.splits", "training.loss"))]
    assert "more are defaults; --all shows them" in done.stderr


def test_all_tells_the_defaults_too(folder: Path) -> None:
    lines = why(folder, "mine.yaml", "--all")
    assert "training.epochs = 10 mine.yaml:4" in lines
    assert "data.splits.train = 80% default" in lines
    shown = json.loads(recipe("why", "mine.yaml", "--json", cwd=folder).stdout)["fields"]
    assert 0 < len(shown) < len(lines)
    assert "default" not in {answer["origin"] for answer in shown}


def test_json_has_every_part(folder: Path) -> None:
    done = recipe("why", "mine.yaml", "name", "--json", cwd=folder)
    assert json.loads(done.stdout) == {
        "field": "name",
        "value": "mine",
        "origin": "mine.yaml:2",
        "line": "name: mine",
        "instead_of": [{"origin": "base.yaml:2", "line": "name: base"}],
        "inferred": None,
        "default": None,
        "required": True,
        "meaning": "Name of the run and of its folder.",
    }


def run_directory(folder: Path, lock: dict[str, Any] | None) -> Path:
    """A finished run's papers."""
    run = folder / "runs" / "mine" / "20260101-000000-12345678"
    run.mkdir(parents=True)
    (run / "recipe.yaml").write_text(MINE)
    (run / "events.jsonl").write_text("")
    (run / "resolved.yaml").write_text(BASE.replace("epochs: 5", "epochs: 10").replace("0.8", "0.7"))
    if lock is not None:
        (run / "lock.json").write_text(json.dumps(lock))
    return run


def test_a_run_answers_from_its_record(folder: Path) -> None:
    run = run_directory(folder, {"origins": {"optimizer.momentum": "--set optimizer.momentum", "name": "mine.yaml:2"}})
    assert why(folder, str(run), "optimizer.momentum")[:2] == ["optimizer.momentum = 0.7", "--set optimizer.momentum"]
    assert why(folder, "latest", "training.epochs")[:2] == ["training.epochs = 10", "recipe.yaml:4 epochs: 10 # longer"]
    assert why(folder, "mine/latest", "optimizer.nesterov")[1] == "default of sgd"
    assert why(folder, "latest", "training.loss")[1].startswith("inferred: sparse_categorical_crossentropy")


def test_a_run_without_origins_says_that_they_are_not_recorded(folder: Path) -> None:
    run = run_directory(folder, None)
    assert "the run does not record which" in why(folder, str(run), "optimizer.momentum")[1]


@pytest.mark.parametrize("lock", [[], {"origins": 3}])
def test_a_damaged_record_exits_2(folder: Path, lock: Any) -> None:
    done = recipe("why", str(run_directory(folder, lock)), "name", cwd=folder)
    assert done.returncode == 2
    assert "cannot be read" in done.stderr


def test_asking_imports_nothing_heavy() -> None:
    assert not imported_by("why", "digits_constant", "training.loss") & set(HEAVY)
