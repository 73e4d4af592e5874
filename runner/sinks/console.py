"""Which display a person gets."""

import os
from collections.abc import Callable, Iterable
from typing import Literal, Protocol, TextIO

from runner.events import Event, RunStarted
from runner.sinks.alerts import AlertsSink
from runner.sinks.plain import PlainSink

Progress = Literal["auto", "live", "plain", "none"]
Color = Literal["auto", "always", "never"]


class ConsoleSink(Protocol):
    """A sink that shows events to a person."""

    def __call__(self, event: Event) -> None:
        """Show the event."""

    def close(self) -> None:
        """Leave the terminal in order, also in the middle of a run; may be called more than once."""


def make_console_sink(
    progress: Progress,
    *,
    quiet: bool,
    color: Color,
    stderr: TextIO,
    past: Callable[[RunStarted], Iterable[Event]] | None = None,
) -> ConsoleSink:
    """Choose the display by options and surroundings.

    ``auto`` is live on a terminal and plain elsewhere, in CI (``CI`` is set) and on a dumb terminal. ``live``
    does without a terminal what plain does, since a file should hold no escape codes. ``none`` and ``quiet`` leave
    only warnings and failures.

    Args:
        progress: of ``--progress``.
        quiet: of ``-q``; comes before ``progress``.
        color: of ``--color``; ``auto`` heeds ``NO_COLOR``.
        stderr: where to write.
        past: gives what a run that goes on did before; only a live display asks.
    """
    if quiet or progress == "none":
        return _Unread(AlertsSink(stderr))
    wanted = progress == "live" or (progress == "auto" and not os.environ.get("CI"))
    if wanted and _can_draw(stderr):
        no_color = color == "never" or (color == "auto" and bool(os.environ.get("NO_COLOR")))
        return _Unread(_live(stderr, no_color, past))
    return _Unread(PlainSink(stderr))


def _can_draw(stream: TextIO) -> bool:
    """Whether it is a terminal that moves the cursor and shows more than ASCII."""
    unicode = (stream.encoding or "utf-8").lower().replace("-", "").startswith("utf")
    return stream.isatty() and unicode and os.environ.get("TERM", "") not in ("", "dumb", "unknown")


def _live(stream: TextIO, no_color: bool, past: Callable[[RunStarted], Iterable[Event]] | None) -> ConsoleSink:
    # rich takes as long to import as all the rest; plain displays do without
    from rich.console import Console

    from runner.sinks.live import LiveSink

    console = Console(file=stream, force_terminal=True, no_color=no_color, markup=False, highlight=False, emoji=False)
    return LiveSink(console, past)


class _Unread:
    """Stops showing, and lets the run go on, once the terminal or the reader of the pipe is gone.

    The record is ``events.jsonl``, whose writer fails loudly; a closed window is no reason to lose hours of
    training.
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
