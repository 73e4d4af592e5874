"""The journal of a sweep: shared, whole, and read with suspicion."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from optuna.trial import TrialState

from runner.disk.folder import Folder
from runner.errors import JournalBroken, NotPlain, SweepChanged
from runner.sweeps.journal import Journal, recorded_trials
from runner.sweeps.past import read_sweep
from runner.sweeps.sampling import suggest
from runner.sweeps.shared_lock import SharedLock
from tests.sweeps.made import definition

Line = dict[str, Any]


def filled(tmp_path: Path) -> Path:
    """The folder of a sweep with one trial that has ended and one that runs."""
    of, folder = definition(tmp_path), tmp_path / "sweep"
    with Journal(folder, of) as journal:
        for _ in range(2):
            number = journal.create(suggest(of, journal.trials()))
            journal.note_runs(number, [f"20260101-000000-{number:08x}"])
            journal.report(number, 0, 0.5)
        journal.note_rungs(0, {"completed_rung_0": 0.5})
        journal.finish(0, TrialState.COMPLETE, 0.25)
    return folder


def test_what_one_worker_writes_another_reads(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    with Journal(folder, definition(tmp_path)) as one, Journal(folder, definition(tmp_path)) as other:
        ended, running = one.trials()
        assert (ended.state, ended.value, running.state) == (TrialState.COMPLETE, 0.25, TrialState.RUNNING)
        assert running.user_attrs == {"runs": ["20260101-000000-00000001"]}
        one.report(1, 1, 0.125)
        assert other.trials()[1].intermediate_values == {0: 0.5, 1: 0.125}
        assert other.create(suggest(definition(tmp_path), other.trials())) == 2
        assert len(one.trials()) == 3


def test_a_half_written_line_is_dropped_before_the_next(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    whole = (folder / "journal.jsonl").read_bytes()
    (folder / "journal.jsonl").write_bytes(whole + b'{"op_code":7,"wor')
    with Journal(folder, definition(tmp_path)) as journal:
        journal.report(1, 1, 0.125)
        assert journal.trials()[1].intermediate_values == {0: 0.5, 1: 0.125}
    lines = (folder / "journal.jsonl").read_bytes().splitlines()
    assert len(lines) == len(whole.splitlines()) + 1
    assert all(json.loads(line) for line in lines)


def test_a_killed_holder_of_the_lock_keeps_nobody_waiting(tmp_path: Path) -> None:
    code = f"""
import os, signal
from pathlib import Path
from runner.disk.folder import Folder
from runner.sweeps.shared_lock import SharedLock
SharedLock(Folder(Path({str(tmp_path)!r})), "j").acquire()
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    with Folder(tmp_path) as folder:
        lock = SharedLock(folder, "j")
        with lock, lock:  # within a process it may be taken again
            pass
        lock.close()


def changed(op: int, **keys: Any) -> Callable[[list[Line]], None]:
    """Change the first line of an operation."""

    def change(lines: list[Line]) -> None:
        next(line for line in lines if line["op_code"] == op).update(keys)

    return change


def without_study(lines: list[Line]) -> None:
    del lines[0]


def text(lines: list[Line]) -> None:
    lines.append("text")  # type: ignore[arg-type]


def too_many(lines: list[Line]) -> None:
    lines[2:2] = lines[1:2] * 1000


HOSTILE = {
    "another operation": (changed(7, op_code=1), "line 4"),
    "an unknown operation": (changed(7, op_code=99), "line 4"),
    "another study": (changed(0, study_name="mine"), "begins another study"),
    "another direction": (changed(0, directions=[2]), "begins another study"),
    "no study": (without_study, "begins with its study"),
    "no object": (text, "line"),
    "other ranges": (changed(4, distributions={"seed": "{}"}), "other ranges"),
    "a value outside": (changed(4, params={"optimizer.learning_rate": 9.0, "model.layers.0.units": 4}), "outside"),
    "another field": (changed(4, params={"data.files": 1.0, "model.layers.0.units": 4}), "outside"),
    "a run elsewhere": (changed(8, user_attr={"runs": ["../../etc"]}), "names of run directories"),
    "runs of no list": (changed(8, user_attr={"runs": "x"}), "names of run directories"),
    "another note": (changed(8, user_attr={"exec": "x"}), "line 3"),
    "a trial to come": (changed(7, trial_id=7), "no trial 7"),
    "an epoch of text": (changed(7, step="0"), "step"),
    "an end without a result": (changed(6, values=None), "has a result"),
    "an infinite result": (changed(6, values=[float("inf")]), "has a result"),
    "a date of another form": (changed(4, datetime_start="yesterday"), "datetime_start"),
    "a day that no month has": (changed(4, datetime_start="2026-01-99T00:00:00"), "no worker"),
    "a date before all dates": (changed(6, datetime_complete="0001-01-01T00:00:00+14:00"), "no worker"),
    "too many trials": (too_many, "at most 1,000 trials"),
    "a note of Optuna's": (changed(9, system_attr={"fixed_params": 1.0}), "line"),
}


@pytest.mark.parametrize("case", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_strangers_line_is_refused_with_its_number(tmp_path: Path, case: Any) -> None:
    change, says = case
    folder = filled(tmp_path)
    path = folder / "journal.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    change(lines)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    before = path.read_bytes()
    with pytest.raises(JournalBroken, match=r"journal\.jsonl, line \d+: no worker of this sweep") as refused:
        Journal(folder, definition(tmp_path))
    assert says in str(refused.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"\xff\xfe\n", b"[" * 100_000 + b"\n", b"1e999\n", b"{}\n", b"\x00\n"])
def test_what_is_no_json_is_refused(tmp_path: Path, content: bytes) -> None:
    folder = filled(tmp_path)
    with (folder / "journal.jsonl").open("ab") as file:
        file.write(content)
    with pytest.raises(JournalBroken, match="no worker of this sweep"):
        Journal(folder, definition(tmp_path))


def test_a_link_in_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    for name in ("journal.jsonl", ".lock", "sweep.json"):
        (tmp_path / name).mkdir()
        folder = filled(tmp_path / name)
        (folder / name).rename(tmp_path / name / "other")
        os.symlink(tmp_path / name / "other", folder / name)
        with pytest.raises(NotPlain):
            Journal(folder, definition(tmp_path))


def test_another_sweep_is_not_taken_for_this_one_but_more_trials_are(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    with Journal(folder, definition(tmp_path, trials=9)) as journal:
        assert len(journal.trials()) == 2
    with pytest.raises(SweepChanged) as changed:
        Journal(folder, definition(tmp_path, epochs=7, rate="{log: [1e-3, 0.6]}"))
    told = "\n".join(changed.value.details)
    assert "recipe.training.epochs: 3 → 7" in told
    assert "0.5 → 0.6" in told
    (folder / "sweep.json").unlink()
    with pytest.raises(JournalBroken, match="is missing"):
        Journal(folder, definition(tmp_path))


def test_a_sweep_is_read_from_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Also while a worker holds its lock, and with a line that one is about to finish."""
    of, folder = definition(tmp_path), tmp_path / "s"
    with Journal(folder, of) as journal:
        with journal.lock:
            number = journal.create({"optimizer.learning_rate": 0.01, "model.layers.0.units": 4})
        journal.finish(number, TrialState.COMPLETE, 0.5)
        expected = journal.trials()
        with (folder / "journal.jsonl").open("a") as file:
            file.write('{"op_code": 6, "tr')
        (folder / ".lock").unlink()
        before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
        folder.chmod(0o555)
        try:
            assert recorded_trials(folder, of) == expected
            found = read_sweep(folder)
        finally:
            folder.chmod(0o755)
        assert [row.value for row in found.trials] == [0.5]
        assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()} == before
    (folder / "journal.jsonl").unlink()
    assert read_sweep(folder).trials == []
