"""Throughput and remaining time."""

from runner.events import EpochEnded, Steps

_HALF_LIFE = 5.0
"""Half-life of a measurement, in seconds of training."""


class ThroughputMeter:
    """Throughput over the last seconds of training; calls that compiled are excluded."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._steps = 0.0
        self._examples = 0.0
        self._stepping = 0.0
        """Seconds of the current epoch spent in steps."""
        self._overhead = 0.0
        """Seconds of the last epoch not spent in steps: evaluation and saving."""
        self._epochs = 0

    def add_steps(self, event: Steps) -> None:
        """Add a compiled call."""
        self._stepping += event.seconds
        if event.compiled:
            return
        fading = 0.5 ** (event.seconds / _HALF_LIFE)
        self._seconds = self._seconds * fading + event.seconds
        self._steps = self._steps * fading + len(event.loss)
        self._examples = self._examples * fading + event.examples

    def add_epoch(self, event: EpochEnded) -> None:
        """Add the end of an epoch."""
        # the first evaluation compiles too, so it does not predict later ones
        self._overhead = max(0.0, event.seconds - self._stepping) if self._epochs else 0.0
        self._epochs += 1
        self._stepping = 0.0

    @property
    def examples_per_second(self) -> float | None:
        """Training examples per second, excluding evaluation; None before the first call without compilation."""
        return self._examples / self._seconds if self._seconds > 0 else None

    def remaining(self, steps: int, epochs: int) -> float | None:
        """Seconds for ``steps`` steps and ``epochs`` ends of epochs; None before anything has been measured."""
        if self._seconds <= 0 or self._steps <= 0:
            return None
        return steps * self._seconds / self._steps + epochs * self._overhead
