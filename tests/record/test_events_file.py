"""events.jsonl survives what happens to processes and disks."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runner.errors import EventsCorrupt
from runner.events import RunEnded, Warned
from runner.record.events_file import EventsWriter, read_events
from tests.sinks.script import ended, finished, whole_run

ROOT = Path(__file__).parents[2]


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    events = list(whole_run(3, "plateau"))
    with EventsWriter(path) as writer:
        for event in events:
            writer(event)
    assert list(read_events(path)) == events
    assert path.read_bytes().count(b"\n") == len(events)


def test_each_event_is_there_at_once(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    writer = EventsWriter(path)
    for number in (1, 2):
        writer(Warned(message=str(number)))
        assert len(list(read_events(path))) == number
    writer.close()
    writer.close()


def test_text_that_lines_or_encodings_stumble_over_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    event = Warned(message='line\nfeed \u2028 \x85 \x1b "quoted" \\ \ud800 \\\udc80 🙂')
    with EventsWriter(path) as writer:
        writer(event)
    assert list(read_events(path)) == [event]


@pytest.mark.parametrize(
    "tail", [b'{"event":"war', b"\x00" * 100_000, b"\xff", b'{"event":"warned","message":"whole"}']
)
def test_a_torn_last_line_is_passed_over_and_replaced(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "events.jsonl"
    first, second = Warned(message="first"), Warned(message="second")
    path.write_bytes(first.to_json().encode() + b"\n" + tail)
    assert list(read_events(path)) == [first]
    with EventsWriter(path) as writer:
        writer(second)
    assert list(read_events(path)) == [first, second]


@pytest.mark.parametrize(
    "garbage",
    [
        b"{",
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"event":"warned"}',
        b'{"event":"run_started","phases":[{"nme":1}]}',
        b"[" * 99_999,
    ],
    ids=["half", "empty", "list", "bytes", "field missing", "wrong phase", "deep"],
)
def test_garbage_elsewhere_is_an_error_with_its_line(tmp_path: Path, garbage: bytes) -> None:
    path = tmp_path / "events.jsonl"
    whole = Warned(message="x").to_json().encode() + b"\n"
    path.write_bytes(whole + garbage + b"\n" + whole)
    with pytest.raises(EventsCorrupt, match=r"events\.jsonl:2: not an event: "):
        list(read_events(path))


def test_events_of_a_later_version_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    event = Warned(message="x")
    path.write_text('{"event":"from_the_future","time":1}\n' + event.to_json() + "\n")
    assert list(read_events(path)) == [event]


def test_ends_of_epoch_and_run_reach_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = EventsWriter(tmp_path / "events.jsonl")
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    counts = []
    for event in (Warned(message="x"), ended(0, 100), finished(100)):
        writer(event)
        counts.append(len(synced))
    assert counts == [0, 1, 2]
    writer.close()


def test_a_closed_writer_says_so(tmp_path: Path) -> None:
    writer = EventsWriter(tmp_path / "events.jsonl")
    writer.close()
    with pytest.raises(ValueError, match="closed before event 'warned'"):
        writer(Warned(message="x"))


def test_a_process_killed_while_writing_loses_at_most_its_last_line(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    code = (
        "import sys; from pathlib import Path; from runner.record.events_file import EventsWriter\n"
        "from tests.sinks.script import call\n"
        "writer = EventsWriter(Path(sys.argv[1])); writer(call(0, 0, 100)); print('going', flush=True)\n"
        "while True: writer(call(0, 0, 100))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, path], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert len({event.name for event in read_events(path)}) == 1
    with EventsWriter(path) as writer:
        writer(finished(1))
    assert isinstance(list(read_events(path))[-1], RunEnded)


def test_a_full_disk_is_an_error_and_leaves_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    code = (
        "import resource, sys; from pathlib import Path; from runner.record.events_file import EventsWriter\n"
        "from runner.events import Warned\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "writer = EventsWriter(Path(sys.argv[1])); writer(Warned(message='a'))\n"
        "try: writer(Warned(message='b' * 2000))\n"
        "except OSError as error: print(error)\n"
        "writer(Warned(message='c'))"
    )
    result = subprocess.run([sys.executable, "-c", code, path], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "File too large" in result.stdout
    assert [event.message for event in read_events(path) if isinstance(event, Warned)] == ["a", "c"]
