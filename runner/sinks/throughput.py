"""How fast it goes and how long it still takes."""

from runner.events import EpochEnded, Steps

_HALF_LIFE = 5.0
"""Seconds of training after which a measurement counts half."""


class ThroughputMeter:
    """Speed of the last seconds of training; calls that compiled are left out."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._steps = 0.0
        self._examples = 0.0
        self._stepping = 0.0
        """Seconds of the epoch so far that were steps."""
        self._overhead = 0.0
        """Seconds of the last epoch that were not steps: evaluation and saving."""
        self._epochs = 0

    def add_steps(self, event: Steps) -> None:
        """Take in a compiled call."""
        self._stepping += event.seconds
        if event.compiled:
            return
        fading = 0.5 ** (event.seconds / _HALF_LIFE)
        self._seconds = self._seconds * fading + event.seconds
        self._steps = self._steps * fading + len(event.loss)
        self._examples = self._examples * fading + event.examples

    def add_epoch(self, event: EpochEnded) -> None:
        """Take in the end of an epoch."""
        # the first evaluation compiles as well, so it says nothing about those to come
        self._overhead = max(0.0, event.seconds - self._stepping) if self._epochs else 0.0
        self._epochs += 1
        self._stepping = 0.0

    @property
    def examples_per_second(self) -> float | None:
        """Training examples a second, evaluation not counted; None before the first call without compiling."""
        return self._examples / self._seconds if self._seconds > 0 else None

    def remaining(self, steps: int, epochs: int) -> float | None:
        """Seconds for so many steps and ends of epochs; None before anything is known."""
        if self._seconds <= 0 or self._steps <= 0:
            return None
        return steps * self._seconds / self._steps + epochs * self._overhead
