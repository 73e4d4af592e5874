"""How long a run may train, by the clock on the wall."""

import time


class TimeLimit:
    """Counts the time of training, over all sessions of a run.

    Args:
        seconds: the most; None: no limit.
    """

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self.before = 0.0
        """Seconds of earlier sessions."""
        self._began: float | None = None

    def begin(self) -> None:
        """Training begins in this session."""
        self._began = time.monotonic()

    @property
    def spent(self) -> float:
        """Seconds so far."""
        return self.before + (0.0 if self._began is None else time.monotonic() - self._began)

    def reached(self) -> bool:
        """Whether no more steps may be made."""
        return self.seconds is not None and self.spent >= self.seconds
