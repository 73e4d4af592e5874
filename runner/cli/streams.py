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
from typing import TextIO, TypeVar

from runner.interrupts import restore_cursor_of

BROKEN_PIPE = 141
"""Exit code of a program whose reader has left, as a shell reports it of any that SIGPIPE ended."""


_lost_displays: list[OSError] = []
"""Why displays could not go on."""


class OutputLost(Exception):
    """Standard output takes no more."""


class _Watched(io.TextIOWrapper):
    """A stream that notes the first error of writing to it, and takes everything from then on.

    Errors are caught here and not where the descriptor is written to: a signal is acted on between two instructions of
    Python, and there it would leave the buffer not knowing what has been written, and write it again.
    """

    error: OSError | None = None

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
        os.dup2(nowhere, self.fileno())  # what waits in buffers must not fail again when the interpreter ends
        os.close(nowhere)


class _Results(_Watched):
    def _lose(self, error: OSError) -> None:
        super()._lose(error)
        raise OutputLost from error


_W = TypeVar("_W", bound=_Watched)


class Streams:
    """Both streams of the program, watched; to be made before anything is printed."""

    def __init__(self) -> None:
        _hold_standard_descriptors()
        sys.stdout = self._out = _on(1, _Results, sys.__stdout__)
        sys.stderr = self._said = _on(2, _Watched, sys.__stderr__, line_buffering=True)

    def settle(self, code: int) -> int:
        """Write what waits to be written; the exit code, with regard to what was lost."""
        with suppress(OutputLost):  # noted by the stream
            self._out.flush()
        self._said.flush()
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
            _lost_displays.append(stream.error)


def _on(descriptor: int, kind: type[_W], model: TextIO | None, *, line_buffering: bool = False) -> _W:
    """A text stream like the one that Python has made; one that was closed is UTF-8."""
    return kind(
        io.BufferedWriter(io.FileIO(descriptor, "w", closefd=False)),
        encoding=model.encoding if model is not None else "utf-8",
        errors=model.errors if model is not None else "backslashreplace",
        line_buffering=line_buffering or os.isatty(descriptor),
    )


def _hold_standard_descriptors() -> None:
    """Open those that are closed, so that no file of a run takes their numbers; using them stays an error."""
    for descriptor, mode in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_RDONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest number that is free, which is this one
