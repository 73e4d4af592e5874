"""What a display of a run shows, wherever it is drawn: words that stay, and lines that are drawn anew."""

import time
from collections.abc import Callable, Iterable, Sequence

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
from runner.wrapping import LABEL

Past = Callable[[RunStarted], Iterable[Event]]
"""Returns the events of a run before it was stopped, without those undone by the resume."""
Pair = tuple[str, str]
"""A label and a text."""


class Display:
    """The events so far, as text.

    Args:
        past: returns the earlier events of a resumed run, so that table and curves are complete.
    """

    def __init__(self, past: Past | None = None) -> None:
        self._past = past
        self._planned = False
        self._forget()

    def _forget(self) -> None:
        self.training: Training | None = None
        self._checks: list[ExpectationChecked] = []
        self._stage: Stage | None = None
        self._since = 0.0
        self.over = False
        """Whether the complete table is shown, without what moves."""

    def apply(self, event: Event) -> None:
        """Add an event."""
        if isinstance(event, RunStarted):
            self.training = Training.start(event)
            for earlier in self._past(event) if self._past is not None and event.resumed_at else ():
                self.training.recall(earlier)
        elif isinstance(event, ExpectationChecked):
            self._checks.append(event)
        elif self.training:
            self.training.apply(event)
        if isinstance(event, Stage):
            if self._stage is None or (self._stage.stage, event.stage) != ("track", "track"):
                self._since = time.monotonic()  # how far it is says nothing of when it began
            self._stage = event
        elif isinstance(event, Steps | EpochEnded):
            self._stage = None

    def words(self, event: Event) -> tuple[Sequence[Pair], str]:
        """What an event says once and for all, in pairs of label and text, and their style."""
        match event:
            case Planned():
                self._planned = True
                return list(notes.planned(event)), ""
            case RunStarted():
                after, self._planned = self._planned, False
                return list(notes.header(event, after_plan=after)), ""
            case DeviceChosen():
                return [notes.device(event)], ""
            case _:
                alert = notes.alert(event)
                return [alert] if alert else [], "yellow"

    def summary(self, event: RunEnded) -> list[Pair]:
        """How the run ended; afterwards the display is ready for another run."""
        found = list(notes.summary(self.training.run if self.training else None, self._checks, event))
        self._forget()
        return found

    def lines(self, width: int, height: int) -> list[Text]:
        """Table, activity, bar and curves, within a size."""
        stage = None
        if self._stage and self._stage.stage != "train" and not self.over:
            stage = live_view.waiting(self._stage, self._since, width)
        if self.training is None:
            return [stage] if stage else []
        if self.over:
            return live_view.finished(self.training, width)
        return live_view.training(self.training, stage, width, height)


def laid_out(pairs: Iterable[Pair], style: str, width: int) -> list[Text]:
    """Pairs as lines; without a style of their own, with quiet labels."""
    lines = []
    for line in notes.laid_out(pairs, width):
        text = Text(line, style=style)
        if not style:
            text.stylize("dim", 0, LABEL)
        lines.append(text)
    return lines
