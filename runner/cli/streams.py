"""Standard output and standard error that tell when what is written to them is lost.

Results on standard output: the first write that fails ends the verb. What is said on standard error beside the work is
no reason to end it; that it was lost shows in the exit code.
"""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from runner.interrupts import restore_cursor_of

BROKEN_PIPE = 141
"""Exit code of a program whose reader has left, as a shell reports it of any that SIGPIPE ended."""


_lost_displays: list[OSError] = []
"""Why displays could not go on."""


class OutputLost(Exception):
    """Standard output takes no more."""


class _Watched(io.FileIO):
    """A descriptor that notes the first error of writing to it, and takes everything from then on."""

    error: OSError | None = None

    def write(self, data: object) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]
        except OSError as error:
            self._lose(error)
        return len(memoryview(data))  # type: ignore[arg-type]

    def _lose(self, error: OSError) -> None:
        self.error = self.error or error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())  # what waits in buffers must not fail again when the interpreter ends
        os.close(nowhere)


class _Results(_Watched):
    def _lose(self, error: OSError) -> None:
        super()._lose(error)
        raise OutputLost from error


class Streams:
    """Both streams of the program, watched; to be made before anything is printed."""

    def __init__(self) -> None:
        _hold_standard_descriptors()
        self._out, self._said = _Results(1, "w", closefd=False), _Watched(2, "w", closefd=False)
        sys.stdout = _text(self._out, sys.__stdout__)
        sys.stderr = _text(self._said, sys.__stderr__, line_buffering=True)

    def settle(self, code: int) -> int:
        """Write what waits to be written; the exit code, with regard to what was lost."""
        with suppress(OutputLost):  # noted by the stream
            sys.stdout.flush()
        sys.stderr.flush()
        lost = self._out.error
        if lost is not None and lost.errno == errno.EPIPE:
            return BROKEN_PIPE
        if lost is not None:
            print(f"error: cannot write to standard output: {lost.strerror}", file=sys.stderr)
            return 1
        said = [self._said.error, *_lost_displays]
        return 1 if any(error is not None and error.errno != errno.EPIPE for error in said) else code


@contextmanager
def display() -> Iterator[TextIO]:
    """Standard error on a descriptor of its own, for a display that goes on while libraries' noise is kept off.

    Where the program's streams are not watched, as in tests, it is standard error itself.
    """
    if not isinstance(_raw(sys.stderr), _Watched):
        yield sys.stderr
        return
    raw = _Watched(os.dup(2), "w")
    stream = _text(raw, sys.stderr, line_buffering=True)
    restore_cursor_of(raw.fileno() if raw.isatty() else None)
    try:
        yield stream
    finally:
        restore_cursor_of(None)
        stream.close()
        if raw.error is not None:
            _lost_displays.append(raw.error)


def _raw(stream: TextIO) -> object:
    return getattr(getattr(stream, "buffer", None), "raw", None)


def _text(raw: io.FileIO, model: TextIO | None, *, line_buffering: bool = False) -> TextIO:
    """A text stream like the one that Python has made; one that was closed is UTF-8."""
    encoding = model.encoding if model is not None else "utf-8"
    errors = model.errors if model is not None else "backslashreplace"
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=encoding, errors=errors, line_buffering=line_buffering or raw.isatty()
    )


def _hold_standard_descriptors() -> None:
    """Open those that are closed, so that no file of a run takes their numbers; using them stays an error."""
    for descriptor, mode in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_RDONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest number that is free, which is this one
