"""How long a run took, over all its sessions, those that were killed too."""

from dataclasses import dataclass

from runner.events import Event, RunEnded, RunStarted, Stage, Steps
from runner.sinks import formatting as fmt


@dataclass
class Elapsed:
    """Seconds of all sessions; a session whose record has no end counts until its last event."""

    total: float = 0.0
    training: float = 0.0
    killed: int = 0
    """Sessions without an end."""
    running: bool = False
    """Whether the last session is not over."""
    _began: float | None = None
    _trained: float | None = None
    _last: float = 0.0

    def hear(self, event: Event) -> None:
        """Take the next event of the record."""
        if isinstance(event, RunStarted):
            self.close()
            self._began, self._trained, self._last = event.time, None, event.time
        elif isinstance(event, RunEnded):
            self.total += event.seconds_total
            self.training += event.seconds_training
            self._began = None
        elif self._began is not None and not isinstance(event, Stage):  # a stage may be the next session's
            self._last = max(self._last, event.time)
            if isinstance(event, Steps) and self._trained is None:
                self._trained = event.time - event.seconds

    def close(self, *, running: bool = False) -> None:
        """The record of the session has no end: it was killed, or is running."""
        if self._began is None:
            return
        self.running, self.killed = running, self.killed + (not running)
        self.total += self._last - self._began
        if self._trained is not None:
            self.training += max(self._last - max(self._trained, self._began), 0.0)
        self._began = None

    @property
    def until(self) -> str:
        """What is left out of the seconds; empty where every session has told its end."""
        sessions = "a killed session" if self.killed == 1 else f"{self.killed:,} killed sessions"
        counted = f", of {sessions} until the last event" if self.killed else ""
        return f"{' so far' if self.running else ''}{counted}"

    @property
    def text(self) -> str:
        """Seconds in words."""
        return f"{fmt.seconds(self.total)} total, {fmt.seconds(self.training)} training{self.until}"
