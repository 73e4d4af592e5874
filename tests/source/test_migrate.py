"""Recipes of version 0 are read as what they mean, told where they are old, and rewritten without losing a comment."""

from pathlib import Path

import pytest

from runner.diagnostics import render
from runner.plan.fingerprint import fingerprint
from runner.source import Loaded, load
from runner.source.fix import Fixed, fix, upgrade
from schemas.migrations import MIGRATIONS, Renamed
from tests.source.samples import small

OLD = """\
# Goal: an old recipe.
recipe: 0
name: old
task: classification
dataset: digits  # small
model:
  kind: sequential
  input_dropout_rate: 0.1
  layers:
    - {kind: flatten}
    - {kind: dense, units: 30, dropout_rate: 0.2}  # hidden
learning_rate_schedule: {kind: one_cycle, eta1: 0.1, eta0: 1/50}  # Greek
training: {epochs: 10}
"""
NEW = """\
# Goal: an old recipe.
recipe: 1
name: old
task: classification
data: {source: builtin, name: digits}  # small
model:
  kind: sequential
  input_dropout: 0.1
  layers:
    - {kind: flatten}
    - {kind: dense, units: 30, dropout: 0.2}  # hidden
schedule: {kind: 1cycle, max_lr: 0.1, initial_lr: 1/50}  # Greek
training: {epochs: 10}
"""


def loaded(tmp_path: Path, text: str) -> Loaded:
    """Load a text."""
    path = tmp_path / "r.yaml"
    path.write_bytes(text.encode())
    return load(path)


def upgraded(tmp_path: Path, text: str) -> str:
    """The text in the present version."""
    loaded(tmp_path, text)
    upgrade(lambda: load(tmp_path / "r.yaml"), tmp_path, lambda fixed: None)
    return (tmp_path / "r.yaml").read_bytes().decode()


def test_an_old_recipe_has_the_fingerprint_of_its_new_form(tmp_path: Path) -> None:
    old, new = loaded(tmp_path, OLD), loaded(tmp_path, NEW)
    assert old.recipe is not None, render(old.diagnostics)
    assert new.recipe is not None
    assert fingerprint(old.recipe, "builtin digits 1") == fingerprint(new.recipe, "builtin digits 1")
    assert old.resolved() == new.resolved()


def test_every_old_word_is_told_at_its_place(tmp_path: Path) -> None:
    notes = [d for d in loaded(tmp_path, OLD).diagnostics if d.code == "R023"]
    assert {d.severity for d in notes} == {"warning"}
    words = [(d.span.line, (d.excerpt or "")[d.span.column - 1 : d.span.end_column - 1]) for d in notes if d.span]
    assert words == [
        (2, "0"), (5, "dataset"), (5, "digits"), (8, "input_dropout_rate"), (11, "dropout_rate"),
        (12, "learning_rate_schedule"), (12, "one_cycle"), (12, "eta1"), (12, "eta0"),
    ]  # fmt: skip


def test_a_fault_in_an_old_recipe_is_told_in_the_old_text(tmp_path: Path) -> None:
    found = [
        d for d in loaded(tmp_path, OLD.replace("dropout_rate: 0.2", "dropout_rate: 2")).diagnostics if d.code != "R023"
    ]
    assert [(d.code, d.span.line, d.span.column) for d in found if d.span] == [("R014", 11, 46)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OLD, NEW),
        ("\ufeff" + OLD.replace("\n", "\r\n"), "\ufeff" + NEW.replace("\n", "\r\n")),
        (
            small(recipe="recipe: 0", data="dataset:\n  # which\n  name: 'mnist'\n  fallback: mnist-5k  # f"),
            small(
                data="data:\n  # which\n  source: tfds\n  name: 'mnist'\n"
                "  fallback: {source: builtin, name: mnist-5k}  # f"
            ),
        ),
        (
            small(recipe="recipe: 0", data="dataset: {name: iris, scale: standard}"),
            small(data="data: {source: builtin, name: iris, scale: standard}"),
        ),
        (
            small(recipe="recipe: 0", schedule="learning_rate_schedule: {eta0: 0.1, kind: constant}"),
            small(schedule="schedule: {learning_rate: 0.1, kind: constant}"),
        ),
        (
            small(recipe="recipe: 0", schedule="learning_rate_schedule:\n  kind: cosine\n  eta0: 0.1 # e"),
            small(schedule="schedule:\n  kind: cosine\n  initial_lr: 0.1 # e"),
        ),
        (small(recipe="recipe: 0   # v"), small(recipe="recipe: 1   # v")),
        (small(), small()),
    ],
)
def test_upgrading_changes_the_old_words_alone(tmp_path: Path, old: str, new: str) -> None:
    assert upgraded(tmp_path, old) == new
    assert load(tmp_path / "r.yaml").upgrades == ()
    assert "R023" not in {d.code for d in load(tmp_path / "r.yaml").diagnostics}


def test_old_words_are_unknown_in_a_new_recipe(tmp_path: Path) -> None:
    found = loaded(tmp_path, OLD.replace("recipe: 0", "recipe: 1")).diagnostics
    assert {"R012"} <= {d.code for d in found}
    assert "R023" not in {d.code for d in found}


def test_a_base_is_of_the_version_that_it_says_or_else_of_its_recipes(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(OLD)
    (tmp_path / "_part.yaml").write_text("learning_rate_schedule: {eta1: 0.2}  # p\n")
    (tmp_path / "r.yaml").write_text("recipe: 1\nextends: old.yaml\nschedule: {max_lr: 0.3}\n")
    assert load(tmp_path / "r.yaml").ok
    (tmp_path / "r.yaml").write_text("recipe: 0\nextends: [old.yaml, _part.yaml]\n")
    assert load(tmp_path / "r.yaml").resolved()["schedule"]["max_lr"] == 0.2
    upgrade(lambda: load(tmp_path / "r.yaml"), tmp_path, lambda fixed: None)
    assert (tmp_path / "_part.yaml").read_text() == "schedule: {max_lr: 0.2}  # p\n"
    assert (tmp_path / "old.yaml").read_text() == NEW
    assert load(tmp_path / "r.yaml").resolved()["schedule"]["max_lr"] == 0.2


def test_fixing_upgrades_first(tmp_path: Path) -> None:
    told: list[Fixed] = []
    path = tmp_path / "r.yaml"
    path.write_text(OLD.replace("units: 30", "unitz: 30"))
    assert fix(lambda: load(path), tmp_path, told.append).ok
    assert path.read_text() == NEW
    assert told[-1].what == "unitz → units"


@pytest.mark.parametrize(
    "text",
    [
        "recipe: 0\n",
        "recipe: 0\ndataset: [1]\nmodel: 3\n",
        "recipe: 0\ndataset: {name: [x]}\n",
        "recipe: 0\nmodel: {layers: {a: 1}}\nlearning_rate_schedule: no\ndataset:\n",
    ],
)
def test_an_old_recipe_of_another_shape_is_told_and_not_raised(tmp_path: Path, text: str) -> None:
    assert not loaded(tmp_path, text).ok


def test_no_step_renames_to_a_word_that_a_later_step_renames() -> None:
    for steps in MIGRATIONS.values():
        renames = [step for step in steps if isinstance(step, Renamed)]
        assert not {(step.at, step.new) for step in renames} & {(step.at, step.old) for step in renames}
