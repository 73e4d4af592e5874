"""Which runs there are of a plan, from their records."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from runner.record.directory import RunPaths
from runner.workflows import request
from tests.lookback.written import Written, events


def test_each_record_is_read_once_for_all_runs_of_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, runs = list[Path](), [tmp_path / name for name in ("one", "two")]

    def counted(path: Path) -> Any:
        read.append(path)
        return original(path)

    original = request.read_events
    monkeypatch.setattr(request, "read_events", counted)
    for run, digit in zip(runs, "ab", strict=True):
        run.mkdir()
        lines = (event.to_json() for event in events(Written(fingerprint=digit * 64)))
        RunPaths(run).events.write_text("".join(f"{line}\n" for line in lines))
    plans: list[Any] = [SimpleNamespace(fingerprint=digit * 64) for digit in "abc"]
    assert [request.finished(plan, runs) for plan in plans] == [*runs, None]
    assert len(read) == 2
    with RunPaths(runs[1]).events.open("a") as file:  # another session of the run
        file.write(next(iter(events(Written(fingerprint="c" * 64)))).to_json() + "\n")
    assert [request.unfinished(plan, runs) for plan in plans] == [None, None, runs[1]]
