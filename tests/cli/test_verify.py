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
