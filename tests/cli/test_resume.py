"""``recipe resume`` with a changed recipe, as a person uses it."""

import json
from pathlib import Path

import pytest

from runner.plan.threads import VARIABLES
from tests.faults.program import RECIPE, checkpoints_of, copied, files_of, program, resume, run

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
    assert "the run cannot continue: " in done.stderr
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


def no_variables(patched: pytest.MonkeyPatch) -> None:
    """Tests before these may have set TensorFlow's threads for their process, which leaves a batch whole."""
    for name in VARIABLES:
        patched.delenv(name, raising=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two epochs that has come to its end."""
    folder = tmp_path_factory.mktemp("finished") / "run"
    divisible = RECIPE.replace("    - {kind: batch_normalization}\n", "") + "hardware: {threads: 2}\n"
    with pytest.MonkeyPatch.context() as patched:
        no_variables(patched)
        done = run(folder, "-q", text=divisible.replace("epochs: 5", "epochs: 2"))
    assert done.returncode == 0, done.stderr
    return folder


def test_a_finished_run_with_more_epochs_asks_for_a_policy_on_lines_of_their_own(finished: Path) -> None:
    done = resume(finished, "--set", "training.epochs=8")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-3:] == [
        "error: the recipe is not the one that the run started with",
        "  training.epochs: 2 → 8",
        "  = help: choose how to continue with --policy continue, rescale or restart; see `recipe resume --help`",
    ]


def test_a_run_goes_on_with_the_parts_of_a_batch_that_its_lock_names(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not with those that this machine would divide a batch into: results depend on them."""
    no_variables(monkeypatch)
    lock = copied(finished, tmp_path) / "lock.json"
    written = json.loads(lock.read_text())
    assert written["computation"]["parts"] == 2
    written["computation"]["parts"] = 1
    lock.write_text(json.dumps(written))
    done = resume(lock.parent, "--set", "training.epochs=3", "--policy", "continue")
    assert done.returncode == 0, done.stderr
    assert json.loads(lock.read_text())["computation"]["parts"] == 1
    assert "differs" not in done.stderr


@pytest.mark.parametrize(
    ("policy", "epochs", "kept", "way_out"),
    [
        (
            "rescale",
            8,
            "24 of 24 steps, and --policy rescale keeps that share",
            "continue makes the steps from 24 to 96",
        ),
        ("continue", 1, "24 of 24 steps, and the changed recipe has 12", "increase the epochs or steps"),
    ],
)
def test_a_run_that_has_nothing_left_to_train_says_so_and_is_left_as_it_was(
    finished: Path, policy: str, epochs: int, kept: str, way_out: str
) -> None:
    before = files_of(finished)
    done = resume(finished, "--set", f"training.epochs={epochs}", "--policy", policy)
    assert done.returncode == 2, done.stderr
    assert "nothing is left to train: the run has made " + kept in done.stderr
    assert way_out in done.stderr
    assert "Traceback" not in done.stderr
    assert "finished" not in done.stderr
    assert files_of(finished) == before


def test_a_run_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = resume(tmp_path / "nowhere")
    assert done.returncode == 2
    assert "no run 'nowhere'" in done.stderr
