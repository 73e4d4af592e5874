"""Work on many small files, divided among processes: threads would wait for each other at the interpreter's lock."""

import gc
import mmap
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from runner.hardware.cores import cores

LEAST = 4_096
"""Places from which on processes are worth their start."""
_GROUP = 64
"""Places that a process does at a time, so that all have large and small files alike."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM) + ((signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ())


def shared(size: int) -> mmap.mmap:
    """So many bytes of memory, at least 8, all of them 0, that this process shares with those that it forks."""
    return mmap.mmap(-1, max(size, 8))


def in_processes(count: int, work: Callable[[int, int], object]) -> None:
    """Call ``work(start, stop)`` for groups of the places 0 … ``count - 1``, in a process for each core.

    This process is one of them, the others are forks of it and end with the call. What they find goes to memory that
    all share (:func:`shared`). A fork that fails, or is killed, leaves places undone, and nothing is done where there
    are few places, a single core, or a system other than Linux, on which a fork of a process with threads is not safe:
    the caller looks what is left, and does it itself, where an error is raised.

    Args:
        count: of the places.
        work: does all places of a group; it starts no thread, and asks nothing of a library that has some.
    """
    if count < LEAST or sys.platform != "linux" or cores() < 2:
        return
    number = cores()

    def share(first: int) -> None:
        for start in range(first * _GROUP, count, number * _GROUP):
            work(start, min(start + _GROUP, count))

    with _forks(range(1, number), share):
        share(0)


@contextmanager
def _forks(shares: range, share: Callable[[int], None]) -> Iterator[None]:
    """Forks that do a share each; those that are at work still when the block fails are killed."""
    children: list[int] = []
    try:
        for number in shares:
            with suppress(OSError):  # the system allows no more processes
                children.append(_fork(share, number))
        yield
        while children:
            _wait_for(children[-1])
            children.pop()
    finally:
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            _wait_for(child)


def _fork(share: Callable[[int], None], number: int) -> int:
    """A child that does a share and ends, whatever happens, without a way back into its parent's work."""
    parent, status = os.getpid(), 1
    try:
        with warnings.catch_warnings(action="ignore"):  # Python warns where there are threads, none of which goes along
            child = os.fork()
        if child == 0:
            gc.disable()  # it would write to all memory, which is then copied
            for name in filter(lambda name: callable(signal.getsignal(name)), _SIGNALS):  # others stay ignored
                signal.signal(name, signal.SIG_DFL)
            share(number)
            status = 0
    finally:
        if os.getpid() != parent:
            os._exit(status)
    return child


def _wait_for(child: int) -> None:
    with suppress(ChildProcessError):  # it has ended, and the system has told nobody
        os.waitpid(child, 0)
