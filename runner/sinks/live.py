"""The live display on a terminal."""

import threading
import time
from collections.abc import Callable, Iterable

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.text import Text

from runner.events import (
    DeviceChosen,
    EpochEnded,
    Event,
    ExpectationChecked,
    Planned,
    RunEnded,
    RunStarted,
    Stage,
    Steps,
)
from runner.sinks import live_view, notes
from runner.sinks.live_state import Training

REFRESHES_PER_SECOND = 4

Past = Callable[[RunStarted], Iterable[Event]]
"""Returns the events of a run before it was stopped, without those undone by the resume."""


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
        self._past = past
        self._lock = threading.Lock()
        self._training: Training | None = None
        self._checks: list[ExpectationChecked] = []
        self._stage: Stage | None = None
        self._since = 0.0
        self._over = self._closed = False
        self._live: Live | None = None
        self._planned = False

    def __call__(self, event: Event) -> None:
        """Display the event."""
        self._draw()
        with self._lock:
            self._apply(event)
        match event:
            case Planned():
                self._print(*notes.planned(event))
                self._planned = True
            case RunStarted():
                self._print(*notes.header(event, after_plan=self._planned))
                self._planned = False
            case DeviceChosen():
                self._print(notes.device(event))
            case RunEnded():
                self._end(event)
            case _:
                alert = notes.alert(event)
                if alert:
                    self._print(alert, style="yellow")

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
            self._over = True
        if self._live:
            self._live.stop()
            # a stopped Live remembers how far up it drew, and would overwrite later output
            self._live = None

    def _end(self, event: RunEnded) -> None:
        self._settle()
        self._console.print()
        self._print(*notes.summary(self._training.run if self._training else None, self._checks, event))
        # ready for another run
        self._training, self._stage, self._checks, self._over = None, None, [], False

    def _apply(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self._training = Training.start(event)
            for earlier in self._past(event) if self._past is not None and event.resumed_at else ():
                self._training.recall(earlier)
        elif isinstance(event, ExpectationChecked):
            self._checks.append(event)
        elif self._training:
            self._training.apply(event)
        if isinstance(event, Stage):
            self._stage, self._since = event, time.monotonic()
        elif isinstance(event, Steps | EpochEnded):
            self._stage = None

    def _print(self, *lines: tuple[str, str], style: str = "") -> None:
        for line in notes.laid_out(lines, self._console.width):
            text = Text(line, style=style)
            if not style:
                text.stylize("dim", 0, notes.LABEL)
            # soft_wrap: a path longer than the line stays in one piece, for copying
            self._console.print(text, soft_wrap=True)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the current lines, for rich to draw."""
        with self._lock:
            lines = self._lines(options.max_width, options.size.height)
        for line in lines:
            line.no_wrap, line.overflow = True, "crop"
        yield from lines

    def _lines(self, width: int, height: int) -> list[Text]:
        stage = None
        if self._stage and self._stage.stage != "train" and not self._over:
            stage = live_view.waiting(self._stage, self._since, width)
        if self._training is None:
            return [stage] if stage else []
        if self._over:
            return live_view.finished(self._training, width)
        return live_view.training(self._training, stage, width, height)
