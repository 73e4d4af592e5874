"""A record for others has an end, but for a run that trains now."""

from pathlib import Path

from runner.events import Event, RunEnded, RunStarted
from runner.lookback.whole_record import whole_record
from runner.record.directory import RunDirectory, RunPaths
from tests.sinks.script import whole_run


def written(folder: Path, given: list[Event]) -> list[Event]:
    (folder / "events.jsonl").write_text("".join(f"{event.to_json()}\n" for event in given))
    return list(whole_record(RunPaths(folder)))


def test_a_run_that_was_killed_ends_with_its_last_event(tmp_path: Path) -> None:
    *begun, end = whole_run(1)
    (*_, last) = written(tmp_path, begun)
    assert isinstance(last, RunEnded)
    assert (last.status, last.steps, last.time) == ("terminated", 100, begun[-1].time)
    again = [*begun, end, *begun[:1]]
    assert written(tmp_path, again)[-1] == RunEnded(**{**vars(last), "time": again[-1].time})
    with RunDirectory(tmp_path):
        assert not isinstance(written(tmp_path, begun)[-1], RunEnded)


def test_a_run_that_ended_is_told_as_recorded_where_it_is_now(tmp_path: Path) -> None:
    given = list(whole_run(1))
    first, *rest = written(tmp_path, given)
    assert isinstance(first, RunStarted)
    assert first.run_dir == str(tmp_path)
    assert rest == given[1:]
