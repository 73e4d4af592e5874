"""How fast an epoch trains."""

from runner.events import Steps


class ThroughputMeter:
    """Adds up the calls of an epoch; those that compile say nothing about speed and do not count."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._examples = 0

    def add(self, event: Steps) -> None:
        """Count a call."""
        if not event.compiled:
            self.seconds += event.seconds
            self._examples += event.examples

    @property
    def examples_per_second(self) -> float:
        """0 where no call counts."""
        return self._examples / self.seconds if self.seconds else 0.0
