"""One write at a time beside the training."""

import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

_NICENESS = 10
"""How far the thread that writes stands back (nice(7)): what trains gets the processors first."""


class BackgroundWriter:
    """Writes in another thread; what went wrong there is raised by the next call here, once.

    Args:
        stands_back: whether that thread has a lower priority; not where training would soon wait for it.
    """

    def __init__(self, *, stands_back: bool = False) -> None:
        self._begin = _stand_back if stands_back else None
        self.seconds = 0.0
        """Processor time of the last write that has ended."""
        self._pending: Future[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether a write is under way."""
        return self._pending is not None and not self._pending.done()

    def start(self, write: Callable[[], None]) -> None:
        """Begin to write; nothing else may be under way, see :meth:`wait`."""
        assert self._pending is None
        pool = ThreadPoolExecutor(1, thread_name_prefix="checkpoint", initializer=self._begin)
        self._pending = pool.submit(self._timed, write)
        pool.shutdown(wait=False)

    def require_sound(self) -> None:
        """Raise what a finished write has raised; one that is under way goes on."""
        if self._pending is not None and self._pending.done():
            self.wait()

    def wait(self) -> None:
        """Wait for the write that is under way, and raise what it has raised."""
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.result()

    def _timed(self, write: Callable[[], None]) -> None:
        try:
            write()
        finally:
            self.seconds = time.thread_time()


def _stand_back() -> None:
    """Lower the priority of this thread alone; elsewhere than on Linux that would be the whole process."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + _NICENESS)
