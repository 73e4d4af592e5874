"""One write at a time beside the training."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor


class BackgroundWriter:
    """Writes in another thread; what went wrong there is raised by the next call here, once."""

    def __init__(self) -> None:
        self._pending: Future[None] | None = None

    def start(self, write: Callable[[], None]) -> None:
        """Begin to write; nothing else may be under way, see :meth:`wait`."""
        assert self._pending is None
        pool = ThreadPoolExecutor(1, thread_name_prefix="checkpoint")
        self._pending = pool.submit(write)
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
