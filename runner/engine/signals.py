"""SIGINT and SIGTERM: the first asks, the second ends at once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopRequest:
    """Which signal has asked the run to end; None while none has."""

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None


@contextmanager
def stop_on_signals() -> Iterator[StopRequest]:
    """While the block runs, a first SIGINT or SIGTERM is only noted; a second one acts as it always does."""
    request = StopRequest()
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def note(number: int, _frame: FrameType | None) -> None:
        request.signal = signal.Signals(number)
        restore()

    for number in _SIGNALS:
        signal.signal(number, note)
    try:
        yield request
    finally:
        restore()
