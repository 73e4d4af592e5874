"""Items that are made ahead, in another thread."""

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")
_END = object()


class ReadAhead(Iterator[T], Generic[T]):
    """Gives what ``items`` gives, and lets it make the next ones while one is used.

    What goes wrong in making an item is raised where that item is asked for.

    Args:
        items: which are made one after another.
        ahead: so many at most are ready or being made.
    """

    def __init__(self, items: Iterator[T], ahead: int = 1) -> None:
        from concurrent.futures import ThreadPoolExecutor  # a plan, which imports this module, reads nothing

        self._items = items
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="read-ahead")
        self._coming: deque[Future[Any]] = deque(self._ask() for _ in range(ahead))

    def _ask(self) -> "Future[Any]":
        return self._pool.submit(next, self._items, _END)

    def __next__(self) -> T:
        item = self._coming.popleft().result()
        if item is _END:
            self.close()
            raise StopIteration
        self._coming.append(self._ask())
        result: T = item
        return result

    def close(self) -> None:
        """Make nothing more; what is under way comes to its end unheard."""
        self._pool.shutdown(wait=False, cancel_futures=True)
