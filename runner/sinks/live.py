"""The live display on a terminal."""

import threading

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live

from runner.events import Event, RunEnded
from runner.sinks.display import Display, Pair, Past, laid_out

REFRESHES_PER_SECOND = 4


class LiveSink:
    """Draws a run in progress, and leaves the table and the summary on the screen.

    A thread redraws, so that clocks keep moving during a long compiled call. It reads the state under the lock under
    which ``__call__`` changes it. Nothing may be printed while holding that lock: printing takes rich's locks, which
    the redrawing thread holds when it waits for ours.

    Args:
        console: a terminal, with markup and highlighting off.
        past: returns the earlier events of a resumed run, so that table and curves are complete.
    """

    def __init__(self, console: Console, past: Past | None = None) -> None:
        self._console = console
        self._display = Display(past)
        self._lock = threading.Lock()
        self._closed = False
        self._live: Live | None = None

    def __call__(self, event: Event) -> None:
        """Display the event."""
        self._draw()
        with self._lock:
            self._display.apply(event)
            said, style = self._display.words(event)
        self._print(*said, style=style)
        if isinstance(event, RunEnded):
            self._end(event)

    def _draw(self) -> None:
        if self._live is None and not self._closed:
            # standard output stays free for results; other output on standard error appears above the display
            self._live = Live(
                self, console=self._console, refresh_per_second=REFRESHES_PER_SECOND, redirect_stdout=False
            )
            self._live.start()

    def close(self) -> None:
        """Stop drawing and restore the cursor; the table stays. A second call does nothing."""
        self._closed = True
        self._settle()

    def _settle(self) -> None:
        """Leave the complete table on the screen."""
        with self._lock:
            self._display.over = True
        if self._live:
            self._live.stop()
            # a stopped Live remembers how far up it drew, and would overwrite later output
            self._live = None

    def _end(self, event: RunEnded) -> None:
        self._settle()
        self._console.print()
        self._print(*self._display.summary(event))

    def _print(self, *pairs: Pair, style: str = "") -> None:
        for line in laid_out(pairs, style, self._console.width):
            # soft_wrap: a path longer than the line stays in one piece, for copying
            self._console.print(line, soft_wrap=True)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the current lines, for rich to draw."""
        with self._lock:
            lines = self._display.lines(options.max_width, options.size.height)
        for line in lines:
            line.no_wrap, line.overflow = True, "crop"
        yield from lines
