"""``recipe resume`` with a changed recipe, as a person uses it."""

import json
from pathlib import Path

import pytest

from tests.faults.program import RECIPE, checkpoints_of, files_of, program, resume, run

STOPPING = RECIPE.replace(
    "training: {epochs: 5, checkpoint: 7 steps}",
    "training: {epochs: 50, early_stopping: {monitor: loss, patience: 1, min_delta: 100}}",
)


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that early stopping ended after its second epoch."""
    folder = tmp_path_factory.mktemp("stopped") / "run"
    done = run(folder, text=STOPPING)
    assert done.returncode == 0, done.stderr
    assert "stopped early" in done.stderr
    return folder


def test_another_model_is_refused_and_the_run_left_as_it_was(stopped: Path) -> None:
    before = files_of(stopped)
    done = resume(stopped, "--set", "model.layers.2.units=17", "--policy", "continue")
    assert done.returncode == 2, done.stderr
    assert "the run cannot go on: " in done.stderr
    assert "only schedule, data and length may change" in done.stderr
    assert "Traceback" not in done.stderr
    assert files_of(stopped) == before


def test_a_run_that_early_stopping_ended_trains_on_with_more_patience(stopped: Path) -> None:
    """Its steps go on in the history, and its new checkpoints stand apart from the old ones."""
    patience = ("--set", "training.early_stopping.patience=3", "--policy", "continue")
    done = resume(stopped, "--json", *patience)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["steps"] == 48
    printed = program("history", stopped.name, "--format", "csv", cwd=stopped.parent).stdout.splitlines()
    assert [int(row.split(",")[0]) for row in printed[1:]] == list(range(48))
    assert all(path.parent.name == "changed-1" for path in checkpoints_of(stopped))
    assert "patience: 3" in (stopped / "resolved.yaml").read_text()


def test_a_run_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = resume(tmp_path / "nowhere")
    assert done.returncode == 2
    assert "no run 'nowhere'" in done.stderr
