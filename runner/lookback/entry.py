"""One line of a list of runs, from the two ends of an events file: most of a long record is never read."""

import json
import os
from collections.abc import Mapping
from typing import Any, NamedTuple, get_args

from pydantic_core import from_json

from runner.lookback.ends import backwards, corrupt, lines_before, read_head
from runner.lookback.json_values import Unfit, number, numbers, shown, text, whole
from runner.lookback.regular import opened_regular
from runner.status import Status

_STAGE = b'{"event":"stage"'
_DEVICE = b'{"event":"device_chosen",'
_STEPS = b'{"event":"steps",'
_MARK = 32
"""Bytes in which one of them is, with spaces after colons."""
_STATUSES = frozenset(get_args(Status))


class Entry(NamedTuple):
    """What a list shows of a run; None where the record does not have it yet."""

    recipe: str | None = None
    started: float | None = None
    """Unix time."""
    status: str | None = None
    """None: the record has no end, so the run goes on or was killed."""
    steps: int = 0
    planned: int | None = None
    """Steps that the plan has."""
    seconds: float | None = None
    """Of the last session, in all."""
    device: str | None = None
    fingerprint: str | None = None
    seed: int | None = None
    data: str | None = None
    metrics: Mapping[str, float] = {}
    """At the end of the run, else of the last epoch."""
    best: Mapping[str, float] | None = None
    """``epoch`` from 0, and the monitor."""


def read_entry(path: str) -> tuple[Entry, os.stat_result]:
    """Read a run's entry from its events file.

    Returns:
        The entry, and the state of the file when it was read.

    Raises:
        OSError: the file cannot be read.
        EventsCorrupt: one of the lines that were read is not an event; the message has its number.
    """
    file, state = opened_regular(path)
    try:
        head = read_head(path, file, _has_beginning)
        return (_ended(path, file, state.st_size, head, _begun(path, head)) if head else Entry()), state
    finally:
        os.close(file)


def _first(head: bytes) -> tuple[int, int]:
    """Number and place of the first line that is not of TensorFlow's start, which is recorded before the run."""
    line, at = 1, 0
    while _is(head, at, _STAGE):
        line, at = line + 1, head.find(b"\n", at) + 1 or len(head)
    return line, at


def _has_beginning(head: bytes) -> bool:
    """Whether it has the lines of which the entry's beginning is made."""
    return head.count(b"\n", _first(head)[1]) >= 2


def _is(text_: bytes, at: int, mark: bytes) -> bool:
    if text_.startswith(mark, at):
        return True
    begin = text_[at : at + _MARK]  # also as other programs write JSON
    return b" " in begin and begin.replace(b" ", b"").startswith(mark)


def _begun(path: str, head: bytes) -> Entry:
    """How the run began, and in the line after that on what device."""
    line, at = _first(head)
    first, second, *rest = *head[at:].split(b"\n", 2), b""
    if not first:
        return Entry()  # killed while TensorFlow was starting
    try:
        started = _object(first)
        if started.get("event") != "run_started":
            raise Unfit(f"a record begins with 'run_started', got {shown(started.get('event'))}")
        entry = Entry(
            recipe=text(started, "recipe"),
            started=number(started, "time"),
            planned=whole(started, "steps"),
            fingerprint=text(started, "fingerprint"),
            seed=whole(started, "seed"),
            data=text(started, "data"),
        )
        line += 1
        whole_line = len(rest) == 2  # a line feed follows
        device = text(_object(second), "device") if whole_line and _is(second, 0, _DEVICE) else None
        return entry._replace(device=device)
    except (ValueError, RecursionError) as error:
        raise corrupt(path, line, error) from error


def _ended(path: str, file: int, size: int, head: bytes, entry: Entry) -> Entry:
    for line, end in backwards(file, size, head):
        if _is(line, 0, _STEPS):
            continue
        try:
            found = _last_word(entry, _object(line))
        except (ValueError, RecursionError) as error:
            raise corrupt(path, lines_before(file, end), error) from error
        if found is not None:
            return found
    return entry


def _last_word(entry: Entry, event: Mapping[str, Any]) -> Entry | None:
    """The entry with what the event says of its end; None for one that says nothing of it."""
    match event.get("event"):
        case "run_ended":
            return _with_end(entry, event)
        case "epoch_ended":
            return entry._replace(steps=whole(event, "step"), metrics=numbers(event, "metrics"))
        case "run_started":
            return entry._replace(steps=whole(event, "resumed_at") if "resumed_at" in event else 0)
        case _:
            return None


def _with_end(entry: Entry, event: Mapping[str, Any]) -> Entry:
    status = text(event, "status")
    if status not in _STATUSES:
        raise Unfit(f"status: must be one of {', '.join(sorted(_STATUSES))}, got {shown(status)}")
    return entry._replace(
        status=status,
        steps=whole(event, "steps"),
        seconds=number(event, "seconds_total"),
        metrics=numbers(event, "metrics"),
        best=numbers(event, "best") if event.get("best") is not None else None,
    )


def _object(line: bytes) -> Mapping[str, Any]:
    try:
        values = from_json(line)
    except ValueError:  # also for half of a surrogate pair, which an undecodable file name leaves in a record
        values = json.loads(line.decode("utf-8"))
    if not isinstance(values, dict):
        raise Unfit(f"an event is a JSON object, got {shown(values)}")
    return values
