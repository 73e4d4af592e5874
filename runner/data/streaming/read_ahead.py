"""Items that are made one ahead, in another thread."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")
_END = object()


class ReadAhead(Iterator[T], Generic[T]):
    """Gives what ``items`` gives, and lets it make the next item while one is used.

    What goes wrong in making an item is raised where that item is asked for.
    """

    def __init__(self, items: Iterator[T]) -> None:
        from concurrent.futures import ThreadPoolExecutor  # a plan, which imports this module, reads nothing

        self._items = items
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="read-ahead")
        self._coming: Future[Any] = self._ask()

    def _ask(self) -> "Future[Any]":
        return self._pool.submit(next, self._items, _END)

    def __next__(self) -> T:
        item = self._coming.result()
        if item is _END:
            self.close()
            raise StopIteration
        self._coming = self._ask()
        result: T = item
        return result

    def close(self) -> None:
        """Make nothing more; what is under way comes to its end unheard."""
        self._pool.shutdown(wait=False, cancel_futures=True)
