"""Chooses the display of a run."""

import os
from collections.abc import Callable, Iterable
from typing import Literal, Protocol, TextIO

from runner.events import Event, RunStarted
from runner.sinks.alerts import AlertsSink
from runner.sinks.plain_lines import PlainSink

Progress = Literal["auto", "live", "plain", "none"]
Color = Literal["auto", "always", "never"]


class ConsoleSink(Protocol):
    """A sink that displays events."""

    def __call__(self, event: Event) -> None:
        """Display the event."""

    def close(self) -> None:
        """Restore the terminal, even in the middle of a run; may be called more than once."""


def make_console_sink(
    progress: Progress,
    *,
    quiet: bool,
    color: Color,
    stderr: TextIO,
    past: Callable[[RunStarted], Iterable[Event]] | None = None,
) -> ConsoleSink:
    """Choose the display from the options and the environment.

    ``auto`` is live on a terminal, and plain elsewhere, in CI (``CI`` is set) and on a dumb terminal. ``live`` without
    a terminal behaves like plain, since a file should contain no escape codes. ``none`` and ``quiet`` show only
    warnings and failures.

    Args:
        progress: the value of ``--progress``.
        quiet: whether ``-q`` is given; overrides ``progress``.
        color: the value of ``--color``; ``auto`` respects ``NO_COLOR``.
        stderr: the stream to write to.
        past: returns the earlier events of a resumed run; called only by the live display.
    """
    if quiet or progress == "none":
        return _Unread(AlertsSink(stderr))
    if wants_live(progress, stderr):
        no_color = color == "never" or (color == "auto" and bool(os.environ.get("NO_COLOR")))
        return _Unread(_live(stderr, no_color, past))
    return _Unread(PlainSink(stderr))


def wants_live(progress: Progress, stream: TextIO) -> bool:
    """Whether a display that is drawn anew is wanted, and the stream can show one."""
    wanted = progress == "live" or (progress == "auto" and not os.environ.get("CI"))
    return wanted and _can_draw(stream)


def _can_draw(stream: TextIO) -> bool:
    """Whether the stream is a terminal that can move the cursor and show more than ASCII."""
    unicode = (stream.encoding or "utf-8").lower().replace("-", "").startswith("utf")
    return stream.isatty() and unicode and os.environ.get("TERM", "") not in ("", "dumb", "unknown")


def _live(stream: TextIO, no_color: bool, past: Callable[[RunStarted], Iterable[Event]] | None) -> ConsoleSink:
    # importing rich takes as long as everything else; plain displays do not need it
    from rich.console import Console

    from runner.sinks.live import LiveSink

    console = Console(file=stream, force_terminal=True, no_color=no_color, markup=False, highlight=False, emoji=False)
    return LiveSink(console, past)


class _Unread:
    """Stops displaying, but lets the run continue, once the terminal or the reader of the pipe is gone.

    The record is ``events.jsonl``, whose writer fails loudly; a closed window is no reason to lose hours of training.
    """

    def __init__(self, sink: ConsoleSink) -> None:
        self._sink = sink
        self._gone = False

    def __call__(self, event: Event) -> None:
        if not self._gone:
            try:
                self._sink(event)
            except OSError:
                self._gone = True

    def close(self) -> None:
        if not self._gone:
            self._sink.close()
