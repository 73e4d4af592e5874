"""``recipe watch``: a run is shown while it is written, and its end is told from a killed process."""

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest

from runner.disk.folder import Folder
from runner.events import Event, RunEnded, RunStarted
from runner.lookback.watch import watch
from runner.record.writer_lock import lock
from runner.sinks.plain_lines import PlainSink
from tests.lookback.conftest import Recipe
from tests.lookback.written import Written, events

STAMP = "20260101-000000-abcdef01"


def test_events_are_shown_as_they_are_written_and_torn_lines_when_they_are_whole(base: Path) -> None:
    run = base / "digits_phases" / STAMP
    text = (run / "events.jsonl").read_bytes()
    places = iter([len(text) // 3, len(text) // 2, len(text)])
    (run / "events.jsonl").write_bytes(text[:10])
    pauses: list[float] = []

    def write_on(seconds: float) -> None:
        place = next(places)
        (run / "events.jsonl").write_bytes(text[:place])
        pauses.append(seconds)

    got: list[Event] = []
    with Folder(run) as folder:
        held = lock(folder)
        ended = watch(run, got.append, write_on)
        os.close(held)
    wanted = list(events(Written(), str(run)))
    assert got == wanted
    assert ended == wanted[-1]
    assert len(pauses) == 3


def test_a_resumed_run_is_shown_from_its_newest_session_on(base: Path) -> None:
    run = base / "digits_phases" / STAMP
    begun, *rest = events(Written(), "elsewhere")
    assert isinstance(begun, RunStarted)
    again = replace(begun, resumed_at=20)
    lines = [*(event.to_json() for event in [begun, *rest[:4], again, *rest[-2:]])]
    (run / "events.jsonl").write_text("\n".join(lines) + "\n")
    got: list[Event] = []
    assert isinstance(watch(run, got.append, pytest.fail), RunEnded)
    assert got == [replace(again, run_dir=str(run)), *rest[-2:]]


def test_the_exit_code_is_that_of_the_run(base: Path, recipe: Recipe) -> None:
    shown = io.StringIO()
    sink = PlainSink(shown)
    for event in events(Written(), f"runs/digits_phases/{STAMP}"):
        sink(event)
    done = recipe("watch", "latest~2")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", shown.getvalue())
    path = base / "digits_phases" / STAMP / "events.jsonl"
    for status, code in (("expectation_missed", 1), ("terminated", 143), ("running", 1)):
        path.write_text(path.read_text().replace('"status":"finished"', f'"status":"{status}"'))
        assert recipe("watch", "latest~2", "--quiet").exit_code == code
        path.write_text(path.read_text().replace(f'"status":"{status}"', '"status":"finished"'))


def test_a_killed_run_is_told_from_one_that_ended(base: Path, recipe: Recipe) -> None:
    path = base / "digits_phases" / STAMP / "events.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    done = recipe("watch", "latest~2")
    assert done.exit_code == 1
    assert f"the run was killed; `recipe resume runs/digits_phases/{STAMP}` continues it" in done.stderr
