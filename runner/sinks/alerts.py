"""Almost silent: only what the person must know."""

from typing import TextIO

from runner.events import Event, RunEnded, RunStarted
from runner.sinks import notes


class AlertsSink:
    """Prints warnings, the use of a fallback, and how a run ended that did not end well.

    Args:
        stream: where to, such as standard error.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._run: RunStarted | None = None

    def __call__(self, event: Event) -> None:
        """Print the event if it is an alert."""
        if isinstance(event, RunStarted):
            self._run = event
        alert = notes.alert(event)
        if isinstance(event, RunEnded) and event.status != "finished":
            alert = next(notes.summary(self._run, (), event))
        if alert:
            self._stream.write("".join(f"{line}\n" for line in notes.laid_out([alert], notes.WIDTH)))
            self._stream.flush()

    def close(self) -> None:
        """Nothing is held open; the stream belongs to the caller."""
