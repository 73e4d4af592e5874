"""MLflow's own client sees a sweep and a repeated recipe as one run with others below it. ``make test-trackers``."""

import json
import os
import signal
from contextlib import suppress
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from typer.testing import CliRunner

from runner.cli import app
from tests.cli.program import Process, halted, recipe, result_of, started, wait_for
from tests.sinks.mlflow_server import MlflowReader, MlflowServer
from tests.sweeps.made import written

pytestmark = pytest.mark.trackers
NOBODY = "http://127.0.0.1:9"


def test_a_sweep_of_two_workers_one_of_them_killed_is_one_run_above_its_trials(
    tmp_path: Path, server: MlflowServer, client: MlflowReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, epochs=40, trials=4)
    command = ("sweep", file, "--worker", "--set", "tracking=[mlflow]", "--set", "name=killed-sweep")
    folder = tmp_path / "runs" / "killed-sweep-sweep"
    first = started(*map(str, command), cwd=tmp_path, MLFLOW_TRACKING_URI=server.address)
    second = started(*map(str, command), cwd=tmp_path, MLFLOW_TRACKING_URI=server.address)
    wait_for(lambda: len(list(folder.glob("*/mlflow.json"))) > 1)
    wait_for(lambda: _killed_in_mid_trial(first, folder))
    _, said = second.communicate()
    first.communicate()
    assert second.returncode == 0, said
    (above, *_), trials = _group(client, folder)
    assert above["runs"] == 5
    assert (above["name"], above["status"]) == (folder.name, "FINISHED")
    best = min(run["metrics"]["final/val_loss"][-1][0] for run in trials)
    assert [value for value, *_ in above["metrics"]["best/val_loss"]] == [best]
    assert [run["status"] for run in trials] == 4 * ["FINISHED"]
    named = next(run for run in trials if run["name"] == above["tags"]["recipe.best_runs"])
    assert named["metrics"]["final/val_loss"][-1][0] == best
    assert above["parameters"].keys() < named["parameters"].keys()
    own = {"optimizer.learning_rate", "model.layers.0.units"}
    assert set(named["parameters"]) - set(above["parameters"]) == {*own, "batch_size"}
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.address)
    monkeypatch.chdir(tmp_path)
    again = CliRunner().invoke(app, ["track", "runs/killed-sweep-sweep", "--to", "mlflow"])
    assert again.exit_code == 0, again.output
    assert _group(client, folder)[0] == [above, above, above, above]


def test_a_repeated_recipe_whose_server_was_away_is_there_with_its_mean_when_it_is_sent_later(
    tmp_path: Path, server: MlflowServer, client: MlflowReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    sets = ("--set", "repeat={seeds: 2}", "--set", "training.epochs=2", "--set", "tracking=[mlflow]")
    done = recipe("run", "iris_cyclic", *sets, "--json", cwd=tmp_path, MLFLOW_TRACKING_URI=NOBODY)
    runs = [tmp_path / run["run_dir"] for run in result_of(done)["runs"]]
    assert f"`recipe track {runs[-1].relative_to(tmp_path)} --to mlflow` sends it" in done.stderr
    assert not list(tmp_path.rglob("mlflow.json"))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.address)
    sent = CliRunner().invoke(app, ["track", str(tmp_path / "runs"), "--to", "mlflow"])
    assert sent.exit_code == 0, sent.output
    (above, again), seeds = _group(client, runs[0].parent)
    assert above == again
    assert (above["status"], above["runs"]) == ("FINISHED", 3)
    assert [run["tags"]["recipe.part"] for run in seeds] == ["seed 42", "seed 43"]
    finals = [run["metrics"]["final/test_accuracy"][-1][0] for run in seeds]
    assert above["metrics"]["mean/test_accuracy"][-1][0] == pytest.approx(mean(finals))


def _killed_in_mid_trial(worker: Process, folder: Path) -> bool:
    """Kill a worker, but not while the server makes a run that is not noted yet; one that has ended is dead, too."""
    with suppress(FileNotFoundError, ProcessLookupError), halted(worker):
        if not all(path.with_name("mlflow.json").exists() for path in folder.glob("*/events.jsonl")):
            return False
        os.kill(worker.pid, signal.SIGKILL)
    return True


def _group(client: MlflowReader, folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Of each run in a folder what the client has of the run above it, and of the run itself."""
    notes = [json.loads(path.read_text()) for path in sorted(folder.glob("*/mlflow.json"))]
    runs = [client.run(str(note["run_id"])) for note in notes]
    return [client.run(run["tags"]["mlflow.parentRunId"]) for run in runs], runs
