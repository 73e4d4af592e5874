"""Examples that do not fit into memory: read block by block, in an order that is a function of (seed, epoch).

A split is cut into blocks of consecutive examples. An epoch permutes the blocks, takes them in groups (windows), and
permutes the examples of each window. Any position of an epoch therefore lies in a known window, whose blocks are read
by their place in the files: going on from the middle of an epoch reads nothing that came before.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from runner.build.arrays import Examples

ReadRange = Callable[[int, int], Examples]
"""``(start, stop)`` → these examples of the split, in the files' order."""

_ORDER, _WITHIN = 1 << 62, 1 << 61  # keep the generators apart from each other and from the resident order's


@dataclass(frozen=True)
class WindowOrder:
    """Which examples come when.

    Args:
        n: examples of the split.
        block: consecutive examples that are read together.
        window: blocks that are shuffled together; ``block * window`` examples are in memory at a time (twice while
            the next window is read).
    """

    n: int
    block: int
    window: int

    def windows(self, seed: int, epoch: int) -> list[NDArray[np.int64]]:
        """Blocks of each window, in the order of the epoch."""
        blocks = -(-self.n // self.block)
        order = _generator(seed, epoch, _ORDER).permutation(blocks)
        return [order[i : i + self.window] for i in range(0, blocks, self.window)]

    def size(self, blocks: NDArray[np.int64]) -> int:
        """Examples of a window."""
        return sum(stop - start for start, stop in self.ranges(blocks))

    def ranges(self, blocks: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
        """Place of each block in the split."""
        for block in blocks.tolist():
            yield block * self.block, min((block + 1) * self.block, self.n)


def _generator(seed: int, epoch: int, stream: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=np.array([seed, epoch + stream], dtype=np.uint64)))


class Stream:
    """Gives the examples of an epoch from any position on; the next window is read while one is used.

    Args:
        read: reads a range of the split.
        order: which examples come when.
        seed: the recipe's.
    """

    def __init__(self, read: ReadRange, order: WindowOrder, seed: int) -> None:
        self._read, self._order, self._seed = read, order, seed
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="read-ahead")
        self._ahead: dict[tuple[int, int], Future[Examples]] = {}

    def __len__(self) -> int:
        return self._order.n

    def take(self, epoch: int, start: int, stop: int) -> Examples:
        """Examples ``start … stop - 1`` of an epoch, in the epoch's order."""
        windows = _windows(self._order, self._seed, epoch)
        parts, first = [], 0
        for number, blocks in enumerate(windows):
            last = first + self._order.size(blocks)
            if last > start and first < stop:
                window = self._window(epoch, number)
                chosen = slice(max(start - first, 0), min(stop, last) - first)
                parts.append(Examples(window.x[chosen], window.y[chosen]))
            first = last
        return _joined(parts)

    def _window(self, epoch: int, number: int) -> Examples:
        """A window's examples in order; those of earlier windows are let go, the next one is asked for."""
        here = (epoch, number)
        windows = _windows(self._order, self._seed, epoch)
        ahead = (epoch, number + 1) if number + 1 < len(windows) else (epoch + 1, 0)
        for place in (here, ahead):
            if place not in self._ahead:
                self._ahead[place] = self._pool.submit(self._load, *place)
        for place in [place for place in self._ahead if place < (epoch, number - 1) or place > ahead]:
            del self._ahead[place]
        return self._ahead[here].result()

    def _load(self, epoch: int, number: int) -> Examples:
        blocks = _windows(self._order, self._seed, epoch)[number]
        whole = _joined([self._read(start, stop) for start, stop in self._order.ranges(blocks)])
        shuffled = _generator(self._seed, epoch, _WITHIN + (number << 32)).permutation(len(whole))
        return Examples(whole.x[shuffled], whole.y[shuffled])


@cache
def _windows(order: WindowOrder, seed: int, epoch: int) -> list[NDArray[np.int64]]:
    return order.windows(seed, epoch)


def _joined(parts: list[Examples]) -> Examples:
    if len(parts) == 1:
        return parts[0]
    return Examples(np.concatenate([part.x for part in parts]), np.concatenate([part.y for part in parts]))
