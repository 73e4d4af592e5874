"""A run shown again, from its events."""

import time
from collections.abc import Iterator
from pathlib import Path

from runner.events import Event, Sink
from runner.lookback.checked import checked_events

_LONGEST_WAIT = 3600.0
"""Seconds between two events at most: a run that was resumed a week later is not waited for."""


def replay(path: Path, sink: Sink, speed: float | None = None) -> None:
    """Give the events of a file to a sink.

    Args:
        path: ``events.jsonl`` of a run.
        sink: takes them.
        speed: how many times as fast as the run was; None: without waiting.

    Raises:
        OSError: the file cannot be read.
        EventsCorrupt: a line is not an event; the message has file and line number.
    """
    for event in _paced(checked_events(path), speed) if speed is not None else checked_events(path):
        sink(event)


def _paced(events: Iterator[Event], speed: float) -> Iterator[Event]:
    before: float | None = None
    for event in events:
        wait = (event.time - before) / speed if before is not None else 0.0
        if wait > 0:
            time.sleep(min(wait, _LONGEST_WAIT))
        before = event.time
        yield event
