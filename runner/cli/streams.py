"""Standard output and standard error that notice when their output is lost.

Results go to standard output, so its first failed write ends the verb. Standard error carries progress and messages:
losing them does not end the work, but shows in the exit code.
"""

import errno
import io
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO, TypeVar

from runner.interrupts import restore_cursor_of

BROKEN_PIPE = 141
"""Exit code when the reader has closed the pipe, as a shell reports for a process ended by SIGPIPE."""
HUNG_UP = 129
"""Exit code when the terminal was closed, as a shell reports for a process ended by SIGHUP."""

_lost_displays: list[bool] = []
"""Whether each display that was ended by an error has failed somebody."""


def output_width() -> int | None:
    """Columns of stdout's terminal; None where the output is a pipe or a file of any width."""
    if not (sys.stdout.isatty() or "COLUMNS" in os.environ):
        return None
    return shutil.get_terminal_size().columns


class OutputLost(Exception):
    """Standard output can no longer be written."""


class _Watched(io.TextIOWrapper):
    """A stream that records its first write error and discards everything after it.

    Errors are caught here rather than around the write to the descriptor: Python handles a signal between two
    bytecodes, and an exception raised there would leave the buffer unaware of what was written, so that it is
    written again.
    """

    error: OSError | None = None
    of_terminal = False
    """Whether it is a terminal, which may be closed at any time; to ask it afterwards is an error, too."""

    @property
    def failed(self) -> bool:
        """Whether output was lost that somebody still waits for: not by a reader, or a terminal, that is gone."""
        gone = (errno.EPIPE, errno.EIO) if self.of_terminal else (errno.EPIPE,)
        return self.error is not None and self.error.errno not in gone

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as error:
            self._lose(error)
        return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            self._lose(error)

    def _lose(self, error: OSError) -> None:
        self.error = self.error or error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())  # buffered text must not fail again when the interpreter exits
        os.close(nowhere)


class _Results(_Watched):
    def _lose(self, error: OSError) -> None:
        super()._lose(error)
        raise OutputLost from error


_W = TypeVar("_W", bound=_Watched)


class Streams:
    """Both output streams of the program, watched; create it before anything is printed."""

    def __init__(self) -> None:
        _hold_standard_descriptors()
        sys.stdout = self._out = _on(1, _Results, sys.__stdout__)
        sys.stderr = self._messages = _on(2, _Watched, sys.__stderr__, line_buffering=True)

    def settle(self, code: int) -> int:
        """Flush both streams; return the exit code, changed if output was lost."""
        with suppress(OutputLost):  # recorded by the stream
            self._out.flush()
        self._messages.flush()
        lost = self._out.error
        if lost is not None and not self._out.failed:
            return BROKEN_PIPE if lost.errno == errno.EPIPE else HUNG_UP
        if lost is not None:
            print(f"error: cannot write to standard output: {lost.strerror}", file=sys.stderr)
            return 1
        return 1 if self._messages.failed or any(_lost_displays) else code


@contextmanager
def display() -> Iterator[TextIO]:
    """Standard error on a separate descriptor, for a display that stays visible while library output is silenced.

    If the program's streams are not watched, as in tests, it is standard error itself.
    """
    if not isinstance(sys.stderr, _Watched):
        yield sys.stderr
        return
    descriptor = os.dup(2)
    stream = _on(descriptor, _Watched, sys.stderr, line_buffering=True)
    restore_cursor_of(descriptor if stream.isatty() else None)
    try:
        yield stream
    finally:
        restore_cursor_of(None)
        stream.flush()
        os.close(descriptor)
        if stream.error is not None:
            _lost_displays.append(stream.failed)


def _on(descriptor: int, kind: type[_W], model: TextIO | None, *, line_buffering: bool = False) -> _W:
    """A text stream with the settings of Python's own; UTF-8 if that one is closed."""
    of_terminal = os.isatty(descriptor)
    stream = kind(
        io.BufferedWriter(io.FileIO(descriptor, "w", closefd=False)),
        encoding=model.encoding if model is not None else "utf-8",
        errors=model.errors if model is not None else "backslashreplace",
        line_buffering=line_buffering or of_terminal,
    )
    stream.of_terminal = of_terminal
    return stream


def _hold_standard_descriptors() -> None:
    """Open closed standard descriptors, so that no file of a run gets their numbers; using them is still an error."""
    for descriptor, mode in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_RDONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, mode)  # gets the lowest free number, which is this one
