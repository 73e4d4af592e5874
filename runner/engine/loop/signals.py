"""SIGINT, SIGTERM and SIGHUP: the first asks, the second ends at once."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SHOW_CURSOR = b"\x1b[?25h\n"
"""The live display hides it while it draws."""


class StopRequest:
    """Which signal has asked the run to end; None while none has."""

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self.given_up: Callable[[], bool] = lambda: False
        """Whether a sweep gives the run up, as its results so far are worse than those of other trials."""


@contextmanager
def stop_on_signals(request: StopRequest | None = None) -> Iterator[StopRequest]:
    """While the block runs, a first signal is only noted; a second one ends the process at once.

    SIGHUP, which a closed terminal sends, is left alone where it is ignored: under ``nohup`` the run goes on.

    Python calls a handler between two of its own instructions, which a long compiled call delays. The second signal
    is therefore acted on by a thread: the C handler writes every signal's number to a socket without delay. A run in
    another thread than the main one hears no signals.

    Args:
        request: where a signal is noted, for somebody else who may ask the run to end; by default a new one.
    """
    request = request or StopRequest()
    if threading.current_thread() is not threading.main_thread():  # Python lets no other thread handle signals
        yield request
        return

    def note(number: int, _frame: FrameType | None) -> None:
        request.signal = request.signal or signal.Signals(number)

    handlers = {number: signal.signal(number, note) for number in heeded()}
    heard, written = socket.socketpair()
    written.setblocking(False)
    wakeup = signal.set_wakeup_fd(written.fileno(), warn_on_full_buffer=False)
    watch = threading.Thread(target=_end_at_the_second, args=(heard,), daemon=True, name="signals")
    watch.start()
    try:
        yield request
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        written.close()  # ends the thread
        watch.join()
        heard.close()


def heeded() -> list[signal.Signals]:
    """The signals that end a run in this process."""
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return [number for number in _SIGNALS if not (number is signal.SIGHUP and ignored)]


def _end_at_the_second(heard: socket.socket) -> None:
    """Count signals until the other end is closed.

    A SIGHUP is never the second: of one closed terminal both the kernel and the shell may tell, and a machine that
    shuts down can send it beside SIGTERM.
    """
    asked = 0
    while received := heard.recv(1):
        asked = max(asked, 1) if received[0] == signal.SIGHUP else asked + (received[0] in _SIGNALS)
        if asked == 2:
            _end(received[0])


def _end(number: int) -> NoReturn:
    """Leave with the signal's exit code: nothing is saved, nothing waited for; the terminal gets its cursor back."""
    if sys.stderr.isatty():
        os.write(sys.stderr.fileno(), _SHOW_CURSOR)
    os._exit(128 + number)
