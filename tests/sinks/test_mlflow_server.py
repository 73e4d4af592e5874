"""MLflow's own server and client: what a person sees there, also when the server is killed. ``make test-trackers``."""

import hashlib
import json
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from runner.cli import app
from runner.events import EpochEnded, Event, RunEnded, RunStarted, Steps, Warned
from runner.lookback.checked import checked_events
from runner.sinks.tracking import sender
from runner.sinks.tracking.lenient import Lenient
from runner.sinks.tracking.mlflow import MlflowSink
from runner.sinks.tracking.mlflow_client import MlflowClient
from runner.sinks.tracking.mlflow_rows import fitting
from tests.cli.program import GALLERY, LIMIT, recipe, result_of
from tests.sinks.mlflow_server import MlflowReader, MlflowServer
from tests.sinks.mlflow_tracker import PARAMETERS, send
from tests.sinks.mlflow_values import Value, wanted
from tests.sinks.script import started, whole_run

pytestmark = pytest.mark.trackers


@pytest.fixture(autouse=True)
def address(server: MlflowServer, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sender, "QUIET", LIMIT)  # a busy machine is no fault
    monkeypatch.setattr(sender, "LONGEST", LIMIT)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.address)
    return server.address


def script(run: Path, name: str) -> list[Event]:
    _, *rest = whole_run(3)
    return [started(3, run_dir=str(run), recipe=name), *rest]


def run_of(folder: Path) -> str:
    return str(json.loads((folder / "mlflow.json").read_text())["run_id"])


def values(found: dict[str, Any]) -> list[Value]:
    return sorted((name, *each) for name, history in found["metrics"].items() for each in history)


def test_the_client_has_all_of_a_run_that_trained(
    tmp_path: Path, client: MlflowReader, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = "tracking=[{mlflow: {every: 1 steps, artifacts: [model, report]}}]"
    sets = ("--set", options, "--set", "after=[evaluate, report]")
    done = recipe("run", "digits_linear", *sets, "--json", cwd=tmp_path, MLFLOW_TRACKING_URI=address)
    result = result_of(done)
    folder = tmp_path / result["run_dir"]
    found = client.run(run_of(folder))
    events = list(checked_events(folder / "events.jsonl"))
    evaluated = {name: found["metrics"].pop(name) for name in list(found["metrics"]) if name.startswith("evaluation/")}
    assert evaluated["evaluation/test_accuracy"][0][0] == result["metrics"]["test_accuracy"]
    assert values(found) == sorted(wanted(events))
    assert {name.partition("/")[0] for name in found["metrics"]} == {"step", "epoch", "final"}
    assert [step for _, _, step in found["metrics"]["step/loss"]] == list(range(result["steps"]))
    assert (found["name"], found["experiment"], found["status"]) == (folder.name, "digits_linear", "FINISHED")
    (begun,) = [event for event in events if isinstance(event, RunStarted)]
    assert found["began"] == round(begun.time * 1000) < found["ended"]
    assert found["tags"]["mlflow.user"]
    assert found["parameters"]["seed"] == "42"
    assert found["parameters"]["optimizer.kind"]
    assert found["tags"]["mlflow.source.name"] == "recipe run digits_linear"
    assert found["tags"]["recipe.status"] == "finished"
    assert "`digits_linear` on " in found["tags"]["mlflow.note.content"]
    for name in ("recipe.yaml", "resolved.yaml", "lock.json"):
        assert found["files"][name] == (folder / name).read_text()
    assert found["files"]["model.keras"] == hashlib.sha256((folder / "model.keras").read_bytes()).hexdigest()
    assert found["files"]["report.html"] == (folder / "report.html").read_text()
    lock = json.loads((folder / "lock.json").read_text())
    assert found["data"] == {
        context: [lock["data"], lock["data_sha256"][split][:32], lock["examples"][split]]
        for split, context in (("train", "training"), ("validation", "validation"), ("test", "test"))
    }
    found["metrics"] |= evaluated
    monkeypatch.chdir(tmp_path)
    again = CliRunner().invoke(app, ["track", "latest", "--to", "mlflow"])
    assert again.exit_code == 0, again.output
    assert client.run(run_of(folder)) == found


@pytest.mark.parametrize(
    ("status", "shown"), [("diverged", "FAILED"), ("failed", "FAILED"), ("interrupted", "KILLED"), ("pruned", "KILLED")]
)
def test_the_client_sees_how_a_run_ended(tmp_path: Path, client: MlflowReader, status: Any, shown: str) -> None:
    begun, *_, end = script(tmp_path, f"ended-{status}")
    assert send([begun, replace(end, status=status, message="loss is nan at step 7")]) == []  # type: ignore[call-arg]
    found = client.run(run_of(tmp_path))
    assert found["status"] == shown
    assert (found["tags"]["recipe.status"], found["tags"]["recipe.message"]) == (status, "loss is nan at step 7")


def test_odd_numbers_and_names_arrive(tmp_path: Path, client: MlflowReader) -> None:
    begun, *rest = script(tmp_path, "odd")
    epoch = next(event for event in rest if isinstance(event, EpochEnded))
    odd = replace(
        epoch, metrics={"nan": float("nan"), "inf": float("inf"), "odd@größe": 1.0, "a/../b": 2.0, "x" * 300: 3.0}
    )
    columns = {f"data.columns.{name}.kind": "number" for name in ("price (€)", "größe", "a/../b", "x" * 300)}
    assert send([begun, odd, rest[-1]], parameters=columns) == []
    run = client.run(run_of(tmp_path))
    assert set(run["parameters"]) == {fitting(name) for name in columns} | {"seed", "batch_size"}
    found = run["metrics"]
    assert found["epoch/nan"][0][0] != found["epoch/nan"][0][0]
    assert found["epoch/inf"][0][0] > 1e308  # its database has no infinity
    assert [found[f"epoch/{name}"][0][0] for name in ("odd_größe", "x" * 244)] == [1.0, 3.0]
    assert found["epoch_a_.._b"][0][0] == 2.0


def test_a_server_killed_in_mid_run_has_every_value_once_in_the_end(
    tmp_path: Path, server: MlflowServer, client: MlflowReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "PACE", 0.05)
    given = script(tmp_path, "killed")
    said: list[Event] = []
    tracker = Lenient(MlflowSink(PARAMETERS, said.append), "mlflow", said.append)
    steps = 0
    for event in given:
        tracker(event)
        steps += isinstance(event, Steps)
        if steps == 5:  # some of the values are there, some are on their way
            _until_noted(tmp_path)
            server.kill()
            monkeypatch.setattr(sender, "QUIET", 1.0)
            steps += 1
    *_, last = said
    assert isinstance(last, Warned)
    assert f"`recipe track {tmp_path} --to mlflow` sends the rest" in last.message
    server.start()
    monkeypatch.setattr(sender, "QUIET", LIMIT)
    before = client.run(run_of(tmp_path))
    assert (before["status"], before["runs"]) == ("RUNNING", 1)
    assert set(values(before)) < wanted(given)
    assert send(given, patient=True) == []
    after = client.run(run_of(tmp_path))
    assert values(after) == sorted(wanted(given))
    assert (after["status"], after["runs"]) == ("FINISHED", 1)


def test_a_disk_that_is_full_in_mid_run_is_said_and_the_rest_is_sent_later(
    tmp_path: Path, server: MlflowServer, client: MlflowReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "PACE", 0.05)
    _, *rest = whole_run(20)  # more than fits what the database has left in its last pages
    given = [started(20, run_dir=str(tmp_path), recipe="full"), *rest]
    said: list[Event] = []
    tracker = Lenient(MlflowSink(PARAMETERS, said.append), "mlflow", said.append)
    for event in given[: len(given) // 2]:
        tracker(event)
    _until_noted(tmp_path)
    with server.full():
        monkeypatch.setattr(sender, "QUIET", 1.0)
        for event in given[len(given) // 2 :]:
            tracker(event)
    *_, last = [event.message for event in said if isinstance(event, Warned)]
    assert re.search(r"gets nothing more of this run: the server answers 50\d: disk I/O error; `recipe track", last)
    monkeypatch.setattr(sender, "QUIET", LIMIT)
    assert set(values(client.run(run_of(tmp_path)))) < wanted(given)
    assert send(given, patient=True) == []
    after = client.run(run_of(tmp_path))
    assert values(after) == sorted(wanted(given))
    assert (after["status"], after["runs"]) == ("FINISHED", 1)


@pytest.mark.parametrize("what", ["run", "experiment"])
def test_a_run_that_was_deleted_on_the_server_is_sent_once_it_is_restored(
    tmp_path: Path, server: MlflowServer, client: MlflowReader, what: str
) -> None:
    given = script(tmp_path, f"deleted-{what}")
    said: list[Event] = []
    tracker = Lenient(MlflowSink(PARAMETERS, said.append), "mlflow", said.append)
    half = len(given) // 2
    for event in given[:half]:
        tracker(event)
    _until_noted(tmp_path)
    _change(server, tmp_path, what, "delete")
    for event in given[half:]:
        tracker(event)
    *_, last = [event.message for event in said if isinstance(event, Warned)]
    assert "must be in the 'active' state. Current state is deleted. (restore it, or its experiment, " in last
    _change(server, tmp_path, what, "restore")
    assert send(given, patient=True) == []
    found = client.run(run_of(tmp_path))
    assert (values(found), found["status"], found["runs"]) == (sorted(wanted(given)), "FINISHED", 1)


def _change(server: MlflowServer, folder: Path, what: str, how: str) -> None:
    """Delete or restore a run or its experiment, as people do on the server's page."""
    client = MlflowClient(server.address)
    run = run_of(folder)
    own = {"run": {"run_id": run}, "experiment": {"experiment_id": client.run(run).info["experiment_id"]}}
    client._call(f"{what}s/{how}", own[what])
    client.close()


def test_a_run_that_was_killed_is_said_to_be_by_recipe_track(
    tmp_path: Path, client: MlflowReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "runs" / "killed" / "20260102-030405-0a1b2c3d"
    folder.mkdir(parents=True)
    (folder / "resolved.yaml").write_text((GALLERY / "digits_linear.yaml").read_text())
    given = [event for event in script(folder, "died") if not isinstance(event, RunEnded)]
    (folder / "events.jsonl").write_text("".join(f"{event.to_json()}\n" for event in given))
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["track", "latest", "--to", "mlflow"])
    assert done.exit_code == 0, done.output
    found = client.run(run_of(folder))
    assert values(found) == sorted(wanted(given))
    assert found["status"] == "KILLED"
    assert found["ended"] == round(given[-1].time * 1000)


def _until_noted(folder: Path) -> None:
    end = time.monotonic() + LIMIT
    while not ((folder / "mlflow.json").exists() and json.loads((folder / "mlflow.json").read_text())["sent"]):
        assert time.monotonic() < end
        time.sleep(0.02)
