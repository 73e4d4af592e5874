"""Signal handling from the start of the program, before a run installs its own handlers.

A signal ends the program with 128 and its number, and without a word: no traceback, nothing of what a library has to
say. While something is imported the process ends on the spot, since an exception thrown into the middle of an import
may be swallowed there or reported by code that cannot know what it is. At other times ``KeyboardInterrupt`` is raised,
so that temporary files are removed on the way out.
"""

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing itself takes a tenth of the program's start
    from types import FrameType
    from typing import NoReturn

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SHOW_CURSOR = b"\x1b[?25h\n"
"""Escape sequence that shows the cursor; the live display hides it while drawing."""


class _Listening:
    """The received signal, and how to react."""

    heard: int | None = None
    at_once = False
    terminal: int | None = None
    """A descriptor of the terminal that a display may have left without a cursor."""


def is_program() -> bool:
    """Whether this process is the program; others that import it have signals and an end of their own."""
    started_as = os.path.basename(sys.argv[0] if sys.argv else "")
    return started_as == "recipe" or ("-m" in sys.orig_argv and "runner" in sys.orig_argv)


def listen() -> None:
    """End the program on signals; until :func:`unwinding` is called, on the spot.

    A SIGHUP that is ignored, as ``nohup`` has it, stays so.
    """
    _Listening.at_once = True
    for number in _SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)
    sys.unraisablehook = _unraisable


def unwinding() -> None:
    """From now on the first signal raises ``KeyboardInterrupt``."""
    _Listening.at_once = False


class importing:  # noqa: N801 - reads as the function that contextlib would make of it, and saves importing that
    """While the block runs, a signal ends the process immediately; nothing in the block may need clean-up."""

    def __enter__(self) -> None:
        self._before, _Listening.at_once = _Listening.at_once, True

    def __exit__(self, *_: object) -> None:
        _Listening.at_once = self._before


def heard() -> int | None:
    """The signal that is ending the program."""
    return _Listening.heard


def restore_cursor_of(terminal: int | None) -> None:
    """Set the descriptor that a display draws on; None: no display is active."""
    _Listening.terminal = terminal


def _end(number: int, frame: "FrameType | None") -> None:
    if _Listening.at_once or _Listening.heard is not None:
        leave(number)
    _Listening.heard = number
    raise KeyboardInterrupt


def leave(number: int) -> "NoReturn":
    """End the process now with the signal's exit code, and restore the terminal's cursor."""
    if _Listening.terminal is not None:
        os.write(_Listening.terminal, _SHOW_CURSOR)
    os._exit(128 + number)


def _unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    """A signal that arrived in a callback, where its exception would be printed and lost, counts as well."""
    if _Listening.heard is not None and isinstance(unraisable.exc_value, KeyboardInterrupt):
        leave(_Listening.heard)
    sys.__unraisablehook__(unraisable)
