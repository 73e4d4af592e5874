"""A run followed from another terminal, by the record that it writes."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from runner.events import Event, RunEnded, RunStarted, Sink
from runner.lookback.checked import LONGEST, read_event, too_long
from runner.lookback.regular import open_regular
from runner.record.directory import RunPaths
from runner.record.writer_lock import is_written

_BEGINS = b'{"event":"run_started"'
_PAUSE = 0.2
"""Seconds between two looks at the file."""


def watch(run: Path, sink: Sink, pause: Callable[[float], None] = time.sleep) -> RunEnded | None:
    """Give the events of a run to a sink as they are written, those of its newest session from their beginning on.

    Args:
        run: its directory.
        sink: takes them.
        pause: waits for so many seconds.

    Returns:
        How the run ended; None if nothing writes to it any more and it has no end: its process was killed.

    Raises:
        OSError: the record cannot be read.
        EventsCorrupt: a line is not an event; the message has file and line number.
    """
    path = RunPaths(run).events
    ended: RunEnded | None = None
    with os.fdopen(open_regular(path), "rb") as file:
        lines = _Lines(path, file)
        while True:
            written = is_written(os.fspath(run))  # asked first: what is written until the process ends is read below
            for event in lines.new():
                if isinstance(event, RunEnded | RunStarted):
                    ended = event if isinstance(event, RunEnded) else None
                # a run may have been moved since, and what it says of its place is a stranger's word
                sink(replace(event, run_dir=str(run)) if isinstance(event, RunStarted) else event)
            if ended is not None or not written:
                return ended
            pause(_PAUSE)


class _Lines:
    """The whole lines of a file that grows."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._file = path, file
        self._number = self._begin()

    def _begin(self) -> int:
        """Go to the last line that begins a session; returns the number of the line before it."""
        position = number = 0
        start, before = 0, 0
        while line := self._file.readline(LONGEST + 1):
            if line.startswith(_BEGINS):
                start, before = position, number
            position, number = position + len(line), number + 1
        self._file.seek(start)
        return before

    def new(self) -> Iterator[Event]:
        """Events of the lines that are whole by now."""
        while True:
            position = self._file.tell()
            line = self._file.readline(LONGEST + 1)
            if not line.endswith(b"\n"):
                if len(line) > LONGEST:
                    raise too_long(self._path, self._number + 1)
                self._file.seek(position)  # nothing yet, or a line that is being written
                return
            self._number += 1
            event = read_event(self._path, self._number, line)
            if event is not None:
                yield event
