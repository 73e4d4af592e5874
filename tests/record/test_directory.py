"""Run directories: names, and one writer."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from runner.errors import DirectoryTaken, RunLocked
from runner.record.directory import RunDirectory, open_explicit, open_run_directory
from runner.record.handles import list_runs
from runner.record.writer_lock import is_written

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 1, 2, 3, 4, 5)
HOLD = (
    "import sys, time; from pathlib import Path; from runner.record.directory import RunDirectory\n"
    "run = RunDirectory(Path(sys.argv[1])); print('held', flush=True); time.sleep(3600)"
)


def hold(directory: Path) -> "subprocess.Popen[str]":
    """Another process that has the directory's lock."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, directory], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_the_name_has_time_and_fingerprint(tmp_path: Path) -> None:
    with open_run_directory(tmp_path / "runs", "mnist", "0a1b2c3d4e5f", NOW) as run:
        assert run.root == tmp_path / "runs/mnist/20260102-030405-0a1b2c3d"
        assert run.root.is_dir()
        assert run.events == run.root / "events.jsonl"
        assert run.lock_json == run.root / "lock.json"
        assert run.best == run.root / "best.keras"


def test_runs_in_the_same_second_get_their_own_directories(tmp_path: Path) -> None:
    runs = [open_run_directory(tmp_path, "mnist", "0a1b2c3d", NOW) for _ in range(3)]
    assert [run.root.name for run in runs] == [f"20260102-030405-0a1b2c3d{end}" for end in ("", "-2", "-3")]
    for run in runs:
        run.close()


def test_of_runs_in_the_same_second_the_last_is_the_newest_whatever_its_fingerprint(tmp_path: Path) -> None:
    for fingerprint in ("6ae8182d", "325f1f7f", "ffffffff", "00000000"):
        with open_run_directory(tmp_path, "base", fingerprint, NOW) as run:
            assert list_runs(tmp_path)[0] == run.root


@pytest.mark.parametrize("name", ["", "..", ".", "a/b", "../a", "a\x1b", "x" * 65, "a\n"])
def test_a_name_that_could_lead_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="name: must be 1 to 64 of") as caught:
        open_run_directory(tmp_path, name, "0a1b2c3d", NOW)
    assert "\x1b" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_second_process_leaves_at_once(tmp_path: Path) -> None:
    first = hold(tmp_path)
    try:
        with pytest.raises(RunLocked, match=f"{tmp_path} is being written by process {first.pid}$"):
            RunDirectory(tmp_path)
    finally:
        first.kill()
        first.communicate()


def test_a_killed_writer_leaves_no_lock_behind(tmp_path: Path) -> None:
    first = hold(tmp_path)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    RunDirectory(tmp_path).close()


def test_who_only_asks_whether_there_is_a_writer_keeps_none_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`recipe runs` has been stopped at the moment of asking, and goes on while the writer waits."""
    RunDirectory(tmp_path).close()
    asking = os.open(tmp_path / ".lock", os.O_RDONLY)
    fcntl.flock(asking, fcntl.LOCK_SH)
    clock = SimpleNamespace(monotonic=time.monotonic, sleep=lambda _: os.close(asking))
    monkeypatch.setattr("runner.record.writer_lock.time", clock)
    with RunDirectory(tmp_path):
        assert is_written(str(tmp_path))
    assert not is_written(str(tmp_path))


def test_who_asks_for_ever_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    RunDirectory(tmp_path).close()
    monkeypatch.setattr("runner.record.writer_lock._READERS_SECONDS", 0.0)
    with (tmp_path / ".lock").open() as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)
        with pytest.raises(RunLocked):
            RunDirectory(tmp_path)


def test_closing_lets_others_write(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path)
    with pytest.raises(RunLocked):
        RunDirectory(tmp_path)
    run.close()
    run.close()
    RunDirectory(tmp_path).close()


def test_a_missing_directory_cannot_be_continued(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        RunDirectory(tmp_path / "none")


@pytest.mark.parametrize("there", [False, True])
def test_an_explicit_directory_may_be_absent_or_empty(tmp_path: Path, there: bool) -> None:
    root = tmp_path / "a" / "b"
    if there:
        root.mkdir(parents=True)
    with open_explicit(root) as run:
        assert run.root == root


def test_an_explicit_directory_that_holds_something_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(DirectoryTaken, match=f"{tmp_path} is not empty; a new run needs a new or an empty directory"):
        open_explicit(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_an_earlier_run_is_not_overwritten(tmp_path: Path) -> None:
    with open_explicit(tmp_path) as run:
        run.events.write_text("")
    with pytest.raises(DirectoryTaken):
        open_explicit(tmp_path)
    RunDirectory(tmp_path).close()


def test_a_directory_left_by_a_run_that_wrote_nothing_can_be_used(tmp_path: Path) -> None:
    open_explicit(tmp_path).close()
    open_explicit(tmp_path).close()


def test_a_run_going_on_in_the_explicit_directory_is_named(tmp_path: Path) -> None:
    first = hold(tmp_path)
    try:
        with pytest.raises(RunLocked):
            open_explicit(tmp_path)
    finally:
        first.kill()
        first.communicate()


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("x")
    with pytest.raises(DirectoryTaken, match="is not a directory"):
        open_explicit(path)
