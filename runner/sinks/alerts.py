"""The nearly silent display: warnings and failures only."""

from typing import TextIO

from runner.events import Event, ExpectationChecked, RunEnded, RunStarted
from runner.sinks import notes


class AlertsSink:
    """Prints warnings, the use of a fallback, and the outcome of a run that did not succeed, with its expectations.

    Args:
        stream: the output stream, such as standard error.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._run: RunStarted | None = None
        self._checks: list[ExpectationChecked] = []

    def __call__(self, event: Event) -> None:
        """Print the event if it is an alert."""
        if isinstance(event, RunStarted):
            self._run = event
        if isinstance(event, ExpectationChecked):
            self._checks.append(event)
        alert = notes.alert(event)
        lines = [alert] if alert else []
        if isinstance(event, RunEnded):
            if event.status != "finished":
                lines = [next(notes.summary(self._run, (), event)), *notes.expectations(self._checks)]
            self._checks = []
        if lines:
            self._stream.write("".join(f"{line}\n" for line in notes.laid_out(lines, notes.width_of(self._stream))))
            self._stream.flush()

    def close(self) -> None:
        """Do nothing: the stream belongs to the caller."""
