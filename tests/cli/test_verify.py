"""A run that is trained again from its record."""

import json
from pathlib import Path

import pytest

from tests.cli.program import recipe

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished run, and one that stopped."""
    folder = tmp_path_factory.mktemp("verify")
    short = ("--set", "training.epochs=2", "--set", "expect={}", "-q")
    assert recipe("run", "iris_cyclic", *short, "--run-dir", "one", cwd=folder).returncode == 0
    recipe("run", "iris_cyclic", *short, "--run-dir", "stopped", "--kill-at", "8", cwd=folder)
    return folder


def test_a_run_is_the_same_when_it_is_trained_again(folder: Path) -> None:
    before = {path: path.read_bytes() for path in sorted((folder / "one").rglob("*")) if path.is_file()}
    done = recipe("verify", "one", "-q", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "trained again, the run is the same to the bit"
    assert {path: path.read_bytes() for path in before} == before
    assert not (folder / "runs").exists()


def test_a_record_that_was_changed_is_found_out(folder: Path) -> None:
    events = folder / "one" / "events.jsonl"
    lines = events.read_text().splitlines()
    place = next(k for k, line in enumerate(lines) if json.loads(line)["event"] == "steps")
    changed = json.loads(lines[place])
    changed["loss"][0] += 1e-6
    events.write_text("\n".join([*lines[:place], json.dumps(changed), *lines[place + 1 :]]) + "\n")
    done = recipe("verify", "one", "-q", "--json", cwd=folder)
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["status"] == "different"
    assert [field["field"] for field in report["fields"] if field["differing"]] == ["history"]
    assert report["explanations"] == []


def test_a_run_that_is_not_finished_is_refused(folder: Path) -> None:
    done = recipe("verify", "stopped", cwd=folder)
    assert done.returncode == 2
    assert "is not finished" in done.stderr
    assert "recipe resume stopped" in done.stderr


def test_a_share_of_a_run_is_trained_again(tmp_path: Path) -> None:
    """The run, then its state after a forged record, then refusals: one process each, as a person would."""
    short = ("--set", "training={epochs: 4, checkpoint: 1 epochs}", "--set", "expect={}", "-q")
    assert recipe("run", "iris_cyclic", *short, "--run-dir", "one", cwd=tmp_path).returncode == 0
    before = {path: path.read_bytes() for path in sorted((tmp_path / "one").rglob("*")) if path.is_file()}
    done = recipe("verify", "one", "--share", "100%", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["steps_made_again"] == found["steps"] == sum(each["steps_compared"] for each in found["stretches"])
    assert sum(each["epochs_compared"] for each in found["stretches"]) == 4
    assert len(found["stretches"]) > 1
    assert all(each["state_compared"] for each in found["stretches"])
    assert {path: path.read_bytes() for path in before} == before
    events = tmp_path / "one" / "events.jsonl"
    lines = [json.loads(line) for line in events.read_text().splitlines()]
    first = next(line for line in lines if line["event"] == "steps")
    first["loss"][0] += 1e-6
    last = [line for line in lines if line["event"] == "epoch_ended"][-1]
    last["metrics"]["val_loss"] += 1e-6
    events.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    forged = recipe("verify", "one", "--share", "100%", cwd=tmp_path)
    assert forged.returncode == 1, forged.stderr
    assert "step 0: recorded" in forged.stdout
    assert "epoch 4: val_loss" in forged.stdout
    assert "not the same" in forged.stdout
    for arguments, says in (
        (("--share", "0%"), "above 0%"),
        (("--share", "5"), "--share 5%"),
        (("--seed", "1"), "add --share"),
    ):
        refused = recipe("verify", "one", *arguments, cwd=tmp_path)
        assert refused.returncode == 2
        assert says in refused.stderr
