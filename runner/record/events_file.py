"""``events.jsonl``: appended during the run, and read back by everything that shows the run later.

A line without a line feed is incomplete: a process killed during a write leaves at most one such line, the last.
Readers skip it, and a writer that continues the file removes it first.
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
"""Maximum bytes of a line; the longest lines hold the steps of one call, at about 70 bytes per step."""


class EventsWriter:
    """A sink that appends each event to a file as one line.

    Each line is passed to the kernel in a single write, so that killing the process loses no earlier event. At the end
    of each epoch and of the run the file is flushed to disk, so that a power loss costs at most one epoch.

    Args:
        path: the file; created if missing, otherwise continued.
        folder: the file's folder, if it is held open; from now on it watches the file.

    Raises:
        NotPlain: it is a link, a FIFO, a device or a directory.
        OSError: the file cannot be opened or, later, written; it still ends with a complete line.
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
            RunLost: the file or its folder is no longer at its path.
            OSError: the event cannot be written, for example because the disk is full.
        """
        if self._descriptor is None:
            raise ValueError(f"events file: closed before event '{event.name}'")
        self._folder.require_in_place()
        # a lone surrogate has no UTF-8 form; its backslash form happens to be its JSON escape
        self._append(self._descriptor, f"{event.to_json()}\n".encode("utf-8", "backslashreplace"))
        if isinstance(event, EpochEnded | RunEnded):
            os.fsync(self._descriptor)

    def _append(self, descriptor: int, line: bytes) -> None:
        rest = memoryview(line)
        try:
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        except OSError:
            # the disk filled up within the line: a later line must not be appended to its beginning
            os.ftruncate(descriptor, self._end)
            raise
        self._end += len(line)

    def close(self) -> None:
        """Close the file. A second call does nothing."""
        if self._descriptor is not None:
            self._stack.close()
            self._descriptor = None

    def __enter__(self) -> Self:
        """Return the open writer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()


class HeldEvents:
    """A sink that keeps events in memory until it is certain that they should be recorded."""

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
        """Write the kept events, and pass on all later ones."""
        self._writer = writer
        for event in self._held:
            writer(event)
        self._held.clear()


def _end_of_last_line(descriptor: int) -> int:
    """Length of the file without an incomplete last line."""
    position = os.fstat(descriptor).st_size
    while position > 0:
        start = max(0, position - _BLOCK)
        found = os.pread(descriptor, position - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        position = start
    return 0


def read_events(path: Path) -> Iterator[Event]:
    """Yield the events of a file one at a time; skips an incomplete last line and events of later versions.

    Raises:
        NotPlain: it is a link, a FIFO, a device or a directory.
        OSError: the file cannot be read.
        EventsCorrupt: a line is not an event; the message gives file and line number.
    """
    return (event for _, event in numbered_events(path))


def numbered_events(path: Path, *, with_steps: bool = True) -> Iterator[tuple[int, Event]]:
    """Yield the events of :func:`read_events` with their line numbers.

    Args:
        path: the file.
        with_steps: whether to read events of steps, which are nearly all lines of a long run; otherwise they are
            not parsed.
    """
    for number, line in whole_lines(path):
        if not with_steps and has_steps(line):
            continue
        event = event_of(path, number, line)
        if event is not None:
            yield number, event


def whole_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the complete lines of a file with their numbers, starting at 1.

    Raises:
        OSError: the file cannot be read.
        EventsCorrupt: a line is longer than any line of a run.
    """
    # read as bytes: text mode would also split at characters that JSON leaves unescaped
    with os.fdopen(open_plain(path), "rb") as file:
        # one line at a time and of limited length: an untrusted file must not determine how much memory is used
        for number, line in enumerate(iter(partial(file.readline, _LONGEST + 1), b""), start=1):
            if len(line) > _LONGEST:
                raise corrupt(path, number, f"longer than {_LONGEST:,} bytes")
            if line.endswith(b"\n"):
                yield number, line


def event_of(path: Path, number: int, line: bytes) -> Event | None:
    """Parse the event of a line; None for an event of a later version.

    Raises:
        EventsCorrupt: the line is not an event.
    """
    try:
        return parse(line)
    except RecursionError as error:
        raise corrupt(path, number, "nested too deeply") from error
    except ValueError as error:
        raise corrupt(path, number, str(error)) from error


def corrupt(path: Path, number: int, fault: str) -> EventsCorrupt:
    """The error for a line that is not an event, or not one that can occur at this place."""
    return EventsCorrupt(f"{printable(str(path))}:{number}: not an event: {printable(fault)}")
