"""The two ends of an events file, however long it is: its first lines, and its lines from the last one on."""

import os
from collections.abc import Callable, Iterator

from runner.errors import EventsCorrupt
from runner.text import printable

_BLOCK = 1 << 13
"""Bytes read at each end; the first and the last line of nearly every run fit."""
_LONGEST = 1 << 22
"""Bytes from an end after which no line is looked for: a file with no line in them is none that a run writes."""


def read_head(path: str, file: int, enough: Callable[[bytes], bool]) -> bytes:
    """The beginning of the file, as far as is enough or there is; empty where it has no whole line.

    Args:
        path: of the file, for messages.
        file: its descriptor, at its beginning.
        enough: whether a beginning has what is looked for.

    Raises:
        EventsCorrupt: a line in it is longer than any that a run writes.
    """
    read = os.read(file, _BLOCK)
    while not enough(read):
        if len(read) > _LONGEST:
            raise corrupt(path, read.count(b"\n") + 1, ValueError(f"longer than {_LONGEST:,} bytes"))
        more = os.read(file, max(len(read), 1))
        if not more:
            return read if b"\n" in read else b""
        read += more
    return read


def backwards(file: int, size: int, head: bytes) -> Iterator[tuple[bytes, int]]:
    """The whole lines from the last one on, each with the place in the file where it ends."""
    start, block, held, torn = size, _BLOCK, b"", True
    while start > 0 and size - start < _LONGEST:
        length = min(block, start)
        start, block = start - length, 2 * block
        piece = head[start : start + length] if start + length <= len(head) else os.pread(file, length, start)
        held = piece + held
        while (feed := held.rfind(b"\n")) >= 0:
            if not torn:
                yield held[feed + 1 :], start + len(held) + 1
            held, torn = held[:feed], False
    if start == 0 and not torn:
        yield held, len(held) + 1


def lines_before(file: int, end: int) -> int:
    """How many lines a file has up to a byte."""
    return sum(os.pread(file, min(1 << 20, end - at), at).count(b"\n") for at in range(0, end, 1 << 20))


def corrupt(path: str, line: int, error: Exception) -> EventsCorrupt:
    """The error for a line that is not an event."""
    why = "nested too deeply" if isinstance(error, RecursionError) else str(error)
    return EventsCorrupt(f"{printable(path)}:{line}: not an event: {printable(why)}")
