"""A run as an iterator: order, errors, and the end that its consumer asks for."""

import threading
from collections.abc import Iterator

import pytest

from runner.engine.loop.signals import StopRequest
from runner.events import Event, Sink, Warned
from runner.workflows.streamed import AHEAD, streamed


def told(*messages: str) -> list[Event]:
    return [Warned(message=message) for message in messages]


def messages(events: Iterator[Event]) -> list[str]:
    return [event.message for event in events if isinstance(event, Warned)]


def test_events_come_in_their_order_and_from_another_thread() -> None:
    threads = []

    def train(emit: Sink, stop: StopRequest) -> None:
        threads.append(threading.current_thread())
        for number in range(3 * AHEAD):
            emit(Warned(message=str(number)))

    assert messages(streamed(train)) == [str(number) for number in range(3 * AHEAD)]
    assert threads[0] is not threading.main_thread()
    assert not threads[0].is_alive()


def test_what_the_run_raises_comes_after_its_events() -> None:
    def train(emit: Sink, stop: StopRequest) -> None:
        emit(Warned(message="one"))
        raise OSError("the disk is full")

    events = streamed(train)
    assert next(events).name == "warned"
    with pytest.raises(OSError, match="the disk is full"):
        next(events)


def endless(emit: Sink, stop: StopRequest) -> None:
    while stop.signal is None:
        emit(Warned(message="on"))


def test_leaving_the_loop_asks_the_run_to_end_and_waits_for_it() -> None:
    threads = []

    def train(emit: Sink, stop: StopRequest) -> None:
        threads.append(threading.current_thread())
        endless(emit, stop)

    events = streamed(train)
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert not threads[0].is_alive()


def test_what_fails_while_the_run_ends_is_raised() -> None:
    def train(emit: Sink, stop: StopRequest) -> None:
        endless(emit, stop)
        raise OSError("no checkpoint")

    events = streamed(train)
    next(events)
    with pytest.raises(OSError, match="no checkpoint"):
        events.close()  # type: ignore[attr-defined]
