"""``events.jsonl``: appended while the run goes, read back by everything that looks at it later.

A line ends with a line feed or it is torn: a process killed in the middle of a write leaves at most one such
line, the last. Readers pass over it, and a writer that goes on with the file removes it first.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from runner.disk.folder import Folder, open_plain
from runner.errors import EventsCorrupt
from runner.events import EpochEnded, Event, RunEnded, has_steps, parse
from runner.text import printable

_BLOCK = 1 << 16
_LONGEST = 1 << 24
"""Bytes of a line; the longest that a run writes are the steps of a call, of which one takes about 70 bytes."""


class EventsWriter:
    """A sink that appends each event to the file as one line.

    Each line goes to the kernel in one write, so that killing the process loses nothing said before; at the end
    of an epoch and of the run it also reaches the disk, so that a power loss costs one epoch at most.

    Args:
        path: the file; made when missing, continued when there.
        folder: the file's, where it is held open; from now on it watches the file.

    Raises:
        NotPlain: it is a link, a FIFO, a device or a directory.
        OSError: the file cannot be opened, or later written; the file then still ends with a whole line.
    """

    def __init__(self, path: Path, folder: Folder | None = None) -> None:
        self._descriptor: int | None = None
        with ExitStack() as stack:
            self._folder = stack.enter_context(Folder(path.parent)) if folder is None else folder
            self._descriptor = self._folder.open(path.name, os.O_RDWR | os.O_CREAT | os.O_APPEND)
            stack.callback(os.close, self._descriptor)
            self._folder.watch(path.name, self._descriptor)
            stack.callback(self._folder.unwatch, path.name)
            os.fsync(self._folder.descriptor)
            self._end = _end_of_last_line(self._descriptor)
            os.ftruncate(self._descriptor, self._end)
            self._stack = stack.pop_all()

    def __call__(self, event: Event) -> None:
        """Append the event.

        Raises:
            ValueError: after :meth:`close`.
            RunLost: the file, or its folder, is not where it was.
            OSError: disk full, or the like.
        """
        if self._descriptor is None:
            raise ValueError(f"events file: closed before event '{event.name}'")
        self._folder.require_in_place()
        # a lone surrogate cannot be UTF-8; its backslash form is just the JSON escape for it
        self._append(self._descriptor, f"{event.to_json()}\n".encode("utf-8", "backslashreplace"))
        if isinstance(event, EpochEnded | RunEnded):
            os.fsync(self._descriptor)

    def _append(self, descriptor: int, line: bytes) -> None:
        rest = memoryview(line)
        try:
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        except OSError:
            # the disk filled up within the line: what follows later must not be glued to its beginning
            os.ftruncate(descriptor, self._end)
            raise
        self._end += len(line)

    def close(self) -> None:
        """Close the file. A second call does nothing."""
        if self._descriptor is not None:
            self._stack.close()
            self._descriptor = None

    def __enter__(self) -> Self:
        """Nothing more to open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close, whether the block ended well or not."""
        self.close()


class HeldEvents:
    """A sink that keeps events in memory until it is known that they are to be recorded."""

    def __init__(self) -> None:
        self._writer: EventsWriter | None = None
        self._held: list[Event] = []

    def __call__(self, event: Event) -> None:
        """Keep the event, or append it to the file."""
        if self._writer is None:
            self._held.append(event)
        else:
            self._writer(event)

    def release(self, writer: EventsWriter) -> None:
        """Append what was kept, and pass everything on from now on."""
        self._writer = writer
        for event in self._held:
            writer(event)
        self._held.clear()


def _end_of_last_line(descriptor: int) -> int:
    """Length of the file without a torn last line."""
    position = os.fstat(descriptor).st_size
    while position > 0:
        start = max(0, position - _BLOCK)
        found = os.pread(descriptor, position - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        position = start
    return 0


def read_events(path: Path) -> Iterator[Event]:
    """Yield the events of a file, one at a time; a torn last line and events of later versions are passed over.

    Raises:
        NotPlain: it is a link, a FIFO, a device or a directory.
        OSError: the file cannot be read.
        EventsCorrupt: a line is not an event; the message has file and line number.
    """
    return (event for _, event in numbered_events(path))


def numbered_events(path: Path, *, with_steps: bool = True) -> Iterator[tuple[int, Event]]:
    """The events with their line numbers, as :func:`read_events` gives them.

    Args:
        path: the file.
        with_steps: whether to read lines of steps, which are nearly all of a long run's; else they are not even
            looked at.
    """
    for number, line in whole_lines(path):
        if not with_steps and has_steps(line):
            continue
        event = event_of(path, number, line)
        if event is not None:
            yield number, event


def whole_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers, from 1 on, without a torn last one.

    Raises:
        OSError: the file cannot be read.
        EventsCorrupt: a line is longer than any that a run writes.
    """
    # bytes: text mode would also split at characters that JSON leaves unescaped
    with os.fdopen(open_plain(path), "rb") as file:
        # a line at a time and no longer than any that a run writes: nobody's file decides how much memory is taken
        for number, line in enumerate(iter(partial(file.readline, _LONGEST + 1), b""), start=1):
            if len(line) > _LONGEST:
                raise corrupt(path, number, f"longer than {_LONGEST:,} bytes")
            if line.endswith(b"\n"):
                yield number, line


def event_of(path: Path, number: int, line: bytes) -> Event | None:
    """The event of a line; None for one of a later version.

    Raises:
        EventsCorrupt: it is not an event.
    """
    try:
        return parse(line)
    except RecursionError as error:
        raise corrupt(path, number, "nested too deeply") from error
    except ValueError as error:
        raise corrupt(path, number, str(error)) from error


def corrupt(path: Path, number: int, fault: str) -> EventsCorrupt:
    """The error for a line that is not an event, or not one that can stand there."""
    return EventsCorrupt(f"{printable(str(path))}:{number}: not an event: {printable(fault)}")
