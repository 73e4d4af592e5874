"""Gives out the examples of a split that is read while it trains."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import count, islice, takewhile
from threading import Event

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import Examples, joined
from runner.data.placement import WINDOWS_AHEAD
from runner.data.streaming.block_order import StreamedSplit, WindowOrder
from runner.data.streaming.read_ahead import ReadAhead

Place = tuple[int, int, int]
"""Seed, epoch, and number of a window."""


class StreamingFeed:
    """Gives a split's examples from any position on; the next windows are read and shuffled while one is used.

    Args:
        split: which examples come when, and how they are read.
    """

    def __init__(self, split: StreamedSplit) -> None:
        self._split, self._order = split, split.order
        self._place: Place | None = None
        self._window: Examples | None = None
        self._ahead: ReadAhead[tuple[Place, Examples]] | None = None
        self._coming: Place | None = None
        self._closed = Event()

    def take(self, seed: int, epoch: int, start: int, stop: int) -> Examples:
        """Examples ``start … stop - 1`` of an epoch in the epoch's order, fewer at its end."""
        parts, first = [], 0
        for number, size in enumerate(_sizes(self._order, seed, epoch)):
            last = first + size
            if last > start and first < stop:
                window = self._at((seed, epoch, number))
                chosen = slice(max(start - first, 0), min(stop, last) - first)
                parts.append(window.at(chosen))
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
        self._ahead, self._coming = ReadAhead(self._windows_from(place, self._closed), WINDOWS_AHEAD), place

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
            shuffled = self._order.within(seed, epoch, number, len(whole))
            yield (seed, epoch, number), whole.at(shuffled)


@lru_cache(maxsize=4)
def _sizes(order: WindowOrder, seed: int, epoch: int) -> list[int]:
    return [order.size(blocks) for blocks in order.windows(seed, epoch)]
