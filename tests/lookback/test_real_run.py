"""A run that was trained, looked at with every verb."""

import json
from pathlib import Path

import pytest

from tests.cli import program
from tests.lookback.conftest import Recipe


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which it was trained."""
    folder = tmp_path_factory.mktemp("trained")
    done = program.recipe("run", "digits_phases", "--set", "training.epochs=2", "--progress", "none", cwd=folder)
    assert done.returncode in (0, 1), done.stderr  # two epochs may miss what twenty are expected to reach
    return folder


def test_what_was_executed_is_what_was_planned(trained: Path, recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(trained)
    assert recipe("report", "latest").exit_code == 0
    (report,) = trained.glob("runs/*/*/report.html")
    assert "the largest difference from the planned learning rate is 0." in report.read_text()
    shown = json.loads(recipe("show", "latest", "--json").stdout)
    assert (shown["steps"], shown["epochs"], shown["packages"]["keras"]) == (80, 2, shown["packages"]["keras"])
    assert "report.html" in shown["files"]


def test_only_the_override_differs_from_the_recipe(
    trained: Path, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(trained)
    differences = json.loads(recipe("diff", "digits_phases", "latest", "--format", "json").stdout)["differences"]
    assert [(row["field"], row["a"], row["b"]) for row in differences] == [("training.epochs", 20, 2)]


def test_a_trained_run_is_listed_and_replayed(trained: Path, recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(trained)
    (run,) = json.loads(recipe("runs", "--json").stdout)
    assert (run["name"], run["steps"], run["device"]) == ("digits_phases", 80, "CPU")
    assert run["metrics"].keys() >= {"test_loss", "test_accuracy"}
    assert " 2/2 " in recipe("replay", "latest").stderr
