"""Splits whose examples are read by their places: into memory at once, or while the model trains."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from runner.data.examples import BLOCK, Array, Dataset, Examples, Split
from runner.data.placement import Placement, Window
from runner.data.sources.own_parts import PARTS
from runner.data.splits.shares import Indices, Parts
from runner.data.streaming.block_order import Range, StreamedSplit, WindowOrder, collected

_IN_FILE_ORDER = Window(256, 1)
"""How examples are read that are not shuffled on the way: into memory, or for an evaluation."""


@dataclass(frozen=True)
class Reading:
    """How the examples of a part are read by their places, and what they are.

    Attributes:
        blocks: the examples of each block of places, one block after another; there may be no end of blocks.
        shape: of one input.
        x_type: of the inputs.
        targets: of the examples of all parts, by their places.
        identity: what the examples of all parts are.
        weighted: whether examples have weights.
    """

    blocks: Callable[[Iterator[Indices]], Iterator[Examples]]
    shape: tuple[int, ...]
    x_type: np.dtype[Any]
    targets: Array
    identity: str
    weighted: bool = False


def dataset_of(parts: Parts, reading: Callable[[Indices], Reading], placement: Placement) -> Dataset:
    """The examples of every part, in memory as far as the placement says so.

    Args:
        parts: places of the examples of each part that has any.
        reading: of the examples at the places of one part.
        placement: says what is in memory, and how the rest is shuffled.
    """

    def part(name: str) -> Split | None:
        places = parts.get(name)
        if places is None:
            return None
        split = _streamed(name, places, reading(places), placement.window or _IN_FILE_ORDER)
        resident = placement.window is None if name == "train" else placement.evaluation
        return collected(split) if resident else split

    train, validation, test = map(part, PARTS)
    assert train is not None
    return Dataset(train, validation, test)


def _streamed(part: str, places: Indices, reading: Reading, window: Window) -> StreamedSplit:
    def read(ranges: Iterator[Range]) -> Iterator[Examples]:
        return reading.blocks(places[start:stop] for start, stop in ranges)

    return StreamedSplit(
        WindowOrder(len(places), window.block, window.blocks),
        read,
        reading.shape,
        reading.x_type,
        reading.targets.dtype,
        hashlib.sha256(f"{reading.identity} {part}".encode()).hexdigest(),
        reading.targets.shape[1:],
        reading.weighted,
        lambda: (reading.targets[places[k : k + BLOCK]] for k in range(0, len(places), BLOCK)),
    )
