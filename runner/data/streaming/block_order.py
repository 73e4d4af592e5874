"""Examples that do not fit into memory: read block by block, in an order that is a function of (seed, epoch).

A split is cut into blocks of consecutive examples. An epoch permutes the blocks, takes them in groups (windows), and
permutes the examples of each window. Any position of an epoch therefore lies in a known window, whose blocks are read
by their place in the files: going on from the middle of an epoch reads nothing that came before.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import BLOCK, Array, Examples
from runner.data.streaming.read_ahead import ReadAhead

Range = tuple[int, int]
"""First and one past the last of consecutive examples of a split."""
ReadRanges = Callable[[Iterator[Range]], Iterator[Examples]]
"""The examples of each range, one range after another; there may be no end of ranges."""

_ORDER, _WITHIN = 1 << 62, 1 << 61  # keep the generators apart from each other and from the in_memory order's


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

    def within(self, seed: int, epoch: int, number: int, examples: int) -> NDArray[np.int64]:
        """In what order a window's examples come, of those in the order of its blocks."""
        return _generator(seed, epoch, _WITHIN + (number << 32)).permutation(examples)

    def size(self, blocks: NDArray[np.int64]) -> int:
        """Examples of a window."""
        return sum(stop - start for start, stop in self.ranges(blocks))

    def places(self, seed: int, epoch: int, start: int, stop: int) -> NDArray[np.int64]:
        """Places in the split of the examples ``start … stop - 1`` of an epoch, fewer at its end."""
        found, first = [], 0
        for number, blocks in enumerate(self.windows(seed, epoch)):
            last = first + self.size(blocks)
            if last > start and first < stop:
                window = np.concatenate([np.arange(*part) for part in self.ranges(blocks)])
                shuffled = window[self.within(seed, epoch, number, len(window))]
                found.append(shuffled[max(start - first, 0) : stop - first])
            first = last
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def ranges(self, blocks: Iterable[int]) -> Iterator[Range]:
        """Place of each block in the split."""
        for block in blocks:
            yield int(block) * self.block, min((int(block) + 1) * self.block, self.n)


def _generator(seed: int, epoch: int, stream: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=np.array([seed, epoch + stream], dtype=np.uint64)))


@dataclass(frozen=True)
class StreamedSplit:
    """A split that is read while it trains."""

    order: WindowOrder
    read: ReadRanges
    shape: tuple[int, ...]
    """Of one input."""
    x_type: np.dtype[Any]
    y_type: np.dtype[Any]
    identity: str
    """What the split is, in 64 hexadecimal digits."""
    target_shape: tuple[int, ...] = ()
    """Of one target."""
    weighted: bool = False
    """Whether examples have weights."""
    read_targets: Callable[[], Iterator[Array]] | None = None
    """The targets of all examples in the files' order, a part at a time, where they are read without the inputs."""

    def __len__(self) -> int:
        return self.order.n

    def digest(self) -> str:
        """What the split is, by what is known of its files without reading all of them."""
        return self.identity

    def blocks(self, size: int) -> Iterator[Examples]:
        """All examples in the files' order, ``size`` at a time; the next ones are read meanwhile."""
        n = self.order.n
        return ReadAhead(self.read((start, min(start + size, n)) for start in range(0, n, size)))

    def each_target(self) -> Iterator[Array]:
        """The targets of all examples in the files' order, a part at a time."""
        if self.read_targets is not None:
            yield from self.read_targets()
        else:
            yield from (part.y for part in self.blocks(BLOCK))


def collected(split: StreamedSplit) -> Examples:
    """All examples in memory, in the files' order; each is there once, even while they are read."""
    n = len(split)
    weight = np.empty(n, np.float32) if split.weighted else None
    y = np.empty((n, *split.target_shape), split.y_type)
    whole = Examples(np.empty((n, *split.shape), split.x_type), y, weight)
    start = 0
    for part in split.blocks(split.order.block):
        whole.put(start, part)
        start += len(part)
    return whole
