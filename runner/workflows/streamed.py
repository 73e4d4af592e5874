"""A run as an iterator: it trains in a thread, and its events are taken one by one."""

import signal
import threading
from collections.abc import Callable, Iterator
from queue import Queue

from runner.engine.loop.signals import StopRequest
from runner.events import Event, Sink

AHEAD = 64
"""Events that the run may be ahead of the one who takes them; then it waits."""


def streamed(train: Callable[[Sink, StopRequest], object]) -> Iterator[Event]:
    """The events of a run, as they happen; an iterator that is closed ends the run as Ctrl-C does, after saving.

    Closed means that the loop over it was left, that an error came up in it, or that Ctrl-C was pressed.

    Args:
        train: trains, hands its events to the sink, and ends early once the request names a signal.

    Raises:
        Exception: whatever ``train`` raises, after the events before it.
    """
    events: Queue[Event | BaseException | None] = Queue(AHEAD)
    stop = StopRequest()

    def work() -> None:
        try:
            train(events.put, stop)
        except BaseException as error:  # raised again where the events are taken
            events.put(error)
        else:
            events.put(None)

    thread = threading.Thread(target=work, name="training")
    thread.start()
    over = False
    try:
        while True:
            found = events.get()
            over = not isinstance(found, Event)
            if isinstance(found, BaseException):
                raise found
            if found is None:
                return
            yield found
    finally:
        stop.signal = signal.SIGINT
        last = None if over else _drained(events)
        thread.join()
        if last is not None:
            raise last


def _drained(events: "Queue[Event | BaseException | None]") -> BaseException | None:
    """Take what comes until the run has ended, as it may be waiting for room; what it failed with, if it did."""
    while isinstance(found := events.get(), Event):
        pass
    return found
