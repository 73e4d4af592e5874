"""MLflow: the runs of a sweep or of a repeated recipe are below one that says what they have come to."""

import json
import math
from pathlib import Path
from statistics import mean, stdev

import pytest
from typer.testing import CliRunner

from runner.cli import app
from runner.events import Event, RunEnded
from runner.record.events_file import read_events
from runner.record.repeat_note import RepeatNote, parsed, read_repeat
from tests.lookback.written import BEGUN, Written, write
from tests.sinks.mlflow_stub import MlflowStub
from tests.sinks.mlflow_tracker import send
from tests.sinks.script import started, whole_run

KEY = "20260101-000000-0a1b2c3d"


def script(run: Path) -> list[Event]:
    run.mkdir(parents=True)
    _, *rest = whole_run(1)
    return [started(1, run_dir=str(run)), *rest]


def test_the_trials_of_a_sweep_are_below_one_that_trains_when_one_of_them_does(
    stub: MlflowStub, tmp_path: Path
) -> None:
    folder = tmp_path / "x-sweep"
    first, second, third = (script(folder / f"20260101-00000{k}-abcdef01") for k in range(3))
    (folder / "sweep.json").write_text("{}")
    assert send(first) == []
    (above,) = stub.groups.values()
    assert (above["run_name"], above["status"], above["tags"]["recipe.kind"]) == ("x-sweep", "RUNNING", "sweep")
    assert stub.tags["mlflow.parentRunId"] == above["run_id"]
    above["status"] = "KILLED"
    assert send(second, patient=True) == []
    assert above["status"] == "KILLED"  # nothing trains
    stub.tags["mlflow.parentRunId"] = "of another server"
    assert send(third) == []
    assert (list(stub.groups.values()), above["status"]) == ([above], "RUNNING")
    assert stub.tags["mlflow.parentRunId"] == above["run_id"]


@pytest.mark.parametrize("odd", ['{"group": "x\' or 1=1 and y"}', "[]", "{", '{"group": 7}', "[" * 20_000])
def test_what_a_stranger_wrote_into_the_folder_of_a_sweep_is_no_word(
    stub: MlflowStub, tmp_path: Path, odd: str
) -> None:
    given = script(tmp_path / "run")
    (tmp_path / "sweep.json").write_text("{}")
    (tmp_path / "mlflow.json").write_text(odd)
    assert send(given) == []
    (key,) = stub.groups
    assert json.loads((tmp_path / "mlflow.json").read_text()) == {"group": key}
    assert key.isalnum()


@pytest.mark.parametrize(
    "odd",
    ["", "[]", "{", '{"key": 1}', f'{{"key": "{KEY}", "part": "seed 1", "runs": true}}', "[" * 20_000,
     f'{{"key": "{KEY}\'", "part": "seed 1", "runs": 2}}', f'{{"key": "{KEY}", "part": "x", "runs": 2}}'],
)  # fmt: skip
def test_what_a_stranger_wrote_makes_a_run_none_of_several(odd: str) -> None:
    assert parsed(odd) is None
    assert parsed(RepeatNote(KEY, "fold 1/2", 2).to_json()) == RepeatNote(KEY, "fold 1/2", 2)


def test_track_sends_all_runs_of_a_repeated_recipe_and_their_mean_with_its_error(
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    runs = [_of_three(tmp_path, number) for number in range(2)]
    ends = [next(event for event in read_events(run / "events.jsonl") if isinstance(event, RunEnded)) for run in runs]
    losses, last = [end.metrics["val_loss"] for end in ends], max(round(end.time * 1000) for end in ends)
    for _ in range(2):
        done = _track("runs/digits_phases")
        assert done == (0, [f"track     runs/digits_phases/{run.name}" for run in runs])
        (above,) = stub.groups.values()
        assert (above["run_name"], above["status"]) == ("20260101-000000 3 seeds", "KILLED")
        assert sorted(row for row in above["metrics"] if row[0].endswith("/val_loss")) == [
            ("mean/val_loss", pytest.approx(mean(losses)), last, 2),
            ("standard_error/val_loss", pytest.approx(stdev(losses) / math.sqrt(2)), last, 2),
        ]
        assert above["tags"]["recipe.status"] == "2 of 3 runs have finished"
        assert "| val_loss | " in above["tags"]["mlflow.note.content"]
        assert above["params"]["optimizer.kind"] == "sgd"
        assert "seed" not in above["params"]
        assert stub.tags["recipe.part"] == "seed 43"
    third = _of_three(tmp_path, 2)
    assert _track(str(third)) == (0, [])
    assert (above["status"], {row[3] for row in above["metrics"]}) == ("FINISHED", {2, 3})


def test_of_several_runs_one_that_cannot_be_read_keeps_no_other_from_the_server(
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    runs = [_of_three(tmp_path, number) for number in range(4)]
    (runs[0] / "resolved.yaml").unlink()
    (runs[1] / "events.jsonl").write_text("no event\n")
    (runs[0] / "repeat.json").unlink()
    (runs[1] / "repeat.json").unlink()
    code, said = _track(*(run.name for run in runs), "--quiet")
    assert code == 2
    assert len([line for line in said if line.startswith("error")]) == 2
    assert stub.runs == 2
    monkeypatch.setattr(stub, "answer", lambda *said: (401, {"message": "who are you?"}))
    code, said = _track("runs", "--quiet")
    assert (code, [line for line in said if "who are you?" in line]) == (2, [said[-1]])  # the last one is not tried


def _of_three(folder: Path, number: int) -> Path:
    stamp, begun = f"20260101-0{number}0000-{str(number) * 8}", BEGUN + 3600 * number
    made = Written(sets=(f"seed={42 + number}",), level=1 + number, begun=begun, fingerprint=str(number) * 64)
    run = write(folder / "runs", stamp, made)
    (run / "resolved.yaml").write_text((run / "recipe.yaml").read_text())
    RepeatNote(KEY, f"seed {42 + number}", 3).write(run)
    assert read_repeat(run) is not None
    return run


def _track(*arguments: str) -> tuple[int, list[str]]:
    done = CliRunner().invoke(app, ["track", *arguments, "--to", "mlflow"], env={"COLUMNS": "200"})
    return done.exit_code, done.stderr.splitlines()
