"""How many steps one compiled call makes."""

import time

SECONDS_A_CALL = 0.25
"""Aimed length of a call: the table refreshes, and signals are heard, about four times a second."""


class CallLength:
    """Chooses K from measured step times and keeps the speed that is shown.

    The first call makes one step: it includes compiling and says nothing about speed. The results of a run
    do not depend on K.
    """

    def __init__(self) -> None:
        self.seconds_a_step: float | None = None
        self.calls = 0
        self.started = time.perf_counter()

    def steps(self, left: int) -> int:
        """K for the next call, of the ``left`` steps that the epoch still has."""
        if self.calls == 0:
            return 1
        if self.seconds_a_step is None:
            return min(left, 8)
        return min(left, max(1, round(SECONDS_A_CALL / self.seconds_a_step)))

    def begin(self) -> None:
        """A call begins."""
        self.started = time.perf_counter()

    def end(self, steps: int) -> float:
        """A call of ``steps`` steps has ended; returns its seconds."""
        seconds = time.perf_counter() - self.started
        if self.calls > 0:
            measured = seconds / steps
            before = self.seconds_a_step
            # The mean of old and new follows a machine that slows down and is not thrown off by one hiccup.
            self.seconds_a_step = measured if before is None else (before + measured) / 2
        self.calls += 1
        return seconds
