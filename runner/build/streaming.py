"""Examples that do not fit into memory: read block by block, in an order that is a function of (seed, epoch).

A split is cut into blocks of consecutive examples. An epoch permutes the blocks, takes them in groups (windows), and
permutes the examples of each window. Any position of an epoch therefore lies in a known window, whose blocks are read
by their place in the files: going on from the middle of an epoch reads nothing that came before.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, islice, takewhile
from threading import Event
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.build.arrays import Examples
from runner.build.read_ahead import ReadAhead

Range = tuple[int, int]
"""First and one past the last of consecutive examples of a split."""
ReadRanges = Callable[[Iterator[Range]], Iterator[Examples]]
"""The examples of each range, one range after another; there may be no end of ranges."""

_ORDER, _WITHIN = 1 << 62, 1 << 61  # keep the generators apart from each other and from the resident order's


@dataclass(frozen=True)
class WindowOrder:
    """Which examples come when.

    Args:
        n: examples of the split.
        block: consecutive examples that are read together.
        window: blocks that are shuffled together; ``block * window`` examples are a window.
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

    def ranges(self, blocks: Iterable[int]) -> Iterator[Range]:
        """Place of each block in the split."""
        for block in blocks:
            yield int(block) * self.block, min((int(block) + 1) * self.block, self.n)


def _generator(seed: int, epoch: int, stream: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=np.array([seed, epoch + stream], dtype=np.uint64)))


@dataclass(frozen=True)
class Streamed:
    """A split that is read while it trains."""

    order: WindowOrder
    read: ReadRanges
    shape: tuple[int, ...]
    """Of one input."""
    x_type: np.dtype[Any]
    y_type: np.dtype[Any]
    identity: str
    """What the split is, in 64 hexadecimal digits."""

    def __len__(self) -> int:
        return self.order.n

    def digest(self) -> str:
        """What the split is, by what is known of its files without reading all of them."""
        return self.identity

    def blocks(self, size: int) -> Iterator[Examples]:
        """All examples in the files' order, ``size`` at a time; the next ones are read meanwhile."""
        n = self.order.n
        return ReadAhead(self.read((start, min(start + size, n)) for start in range(0, n, size)))


Place = tuple[int, int, int]
"""Seed, epoch, and number of a window."""


class Stream:
    """Gives a split's examples from any position on; the next window is read and shuffled while one is used.

    Args:
        split: which examples come when, and how they are read.
    """

    def __init__(self, split: Streamed) -> None:
        self._split, self._order = split, split.order
        self._place: Place | None = None
        self._window: Examples | None = None
        self._ahead: ReadAhead[tuple[Place, Examples]] | None = None
        self._coming: Place | None = None
        self._closed = Event()

    def take(self, seed: int, epoch: int, start: int, stop: int) -> Examples:
        """Examples ``start … stop - 1`` of an epoch, in the epoch's order."""
        parts, first = [], 0
        for number, size in enumerate(_sizes(self._order, seed, epoch)):
            last = first + size
            if last > start and first < stop:
                window = self._at((seed, epoch, number))
                chosen = slice(max(start - first, 0), min(stop, last) - first)
                parts.append(Examples(window.x[chosen], window.y[chosen]))
            first = last
        return joined(parts)

    def _at(self, place: Place) -> Examples:
        """A window's examples in their order."""
        if place == self._place and self._window is not None:
            return self._window
        if self._ahead is None or place != self._coming:
            self._go_to(place)
        assert self._ahead is not None
        self._window = None  # it makes room before the next one is waited for
        self._place, self._window = next(self._ahead)
        self._coming = self._after(place)
        return self._window

    def close(self) -> None:
        """Read nothing more, until examples are asked for again; a block that is being read comes to its end."""
        self._closed.set()
        if self._ahead is not None:
            self._ahead.close()
        self._ahead = self._window = self._place = None

    def _go_to(self, place: Place) -> None:
        self.close()
        self._closed = Event()
        self._ahead, self._coming = ReadAhead(self._windows_from(place, self._closed)), place

    def _after(self, place: Place) -> Place:
        seed, epoch, number = place
        return (seed, epoch, number + 1) if number + 1 < len(_sizes(self._order, seed, epoch)) else (seed, epoch + 1, 0)

    def _places_from(self, place: Place) -> Iterator[tuple[Place, NDArray[np.int64]]]:
        seed, epoch, number = place
        for later in count(epoch):
            for k, blocks in enumerate(self._order.windows(seed, later)):
                if (later, k) >= (epoch, number):
                    yield (seed, later, k), blocks

    def _windows_from(self, place: Place, closed: Event) -> Iterator[tuple[Place, Examples]]:
        """Windows from a place on, without end, through one reader."""
        ranges = (part for _, blocks in self._places_from(place) for part in self._order.ranges(blocks))
        parts = takewhile(lambda _: not closed.is_set(), self._split.read(ranges))
        for (seed, epoch, number), blocks in self._places_from(place):
            read = list(islice(parts, len(blocks)))
            if closed.is_set():
                return
            whole = joined(read)
            shuffled = _generator(seed, epoch, _WITHIN + (number << 32)).permutation(len(whole))
            yield (seed, epoch, number), Examples(whole.x[shuffled], whole.y[shuffled])


@lru_cache(maxsize=4)
def _sizes(order: WindowOrder, seed: int, epoch: int) -> list[int]:
    return [order.size(blocks) for blocks in order.windows(seed, epoch)]


def collected(split: Streamed) -> Examples:
    """All examples in memory, in the files' order; each is there once, even while they are read."""
    n = len(split)
    whole = Examples(np.empty((n, *split.shape), split.x_type), np.empty(n, split.y_type))
    start = 0
    for part in split.blocks(split.order.block):
        whole.x[start : start + len(part)], whole.y[start : start + len(part)] = part.x, part.y
        start += len(part)
    return whole


def joined(parts: list[Examples]) -> Examples:
    """The examples of all parts."""
    if len(parts) == 1:
        return parts[0]
    return Examples(np.concatenate([part.x for part in parts]), np.concatenate([part.y for part in parts]))
