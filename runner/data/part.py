"""A part of a split, the same one throughout a run."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from runner.data.examples import AssembledExamples, Examples, Split
from runner.data.streaming.block_order import Range, StreamedSplit, WindowOrder

_STREAM = 1 << 60
"""Keeps the generator apart from those of the orders of examples."""


def part_of(split: Split, examples: int, seed: int) -> Split:
    """So many examples of a split, drawn by the seed.

    Of a split that is read as it trains these are consecutive ones, from a place that the seed draws: a read costs as
    much as its block.
    """
    generator = np.random.Generator(np.random.Philox(key=np.array([seed, _STREAM], dtype=np.uint64)))
    if isinstance(split, StreamedSplit):
        return _consecutive(split, examples, int(generator.integers(len(split) - examples + 1)))
    assert isinstance(split, Examples | AssembledExamples)
    chosen = np.sort(generator.permutation(len(split))[:examples])
    return split.at(chosen)


def _consecutive(split: StreamedSplit, examples: int, first: int) -> StreamedSplit:
    def read(ranges: Iterator[Range]) -> Iterator[Examples]:
        return split.read((start + first, stop + first) for start, stop in ranges)

    order = WindowOrder(examples, split.order.block, split.order.window)
    return replace(split, order=order, read=read, identity=f"{split.identity}[{first}:{first + examples}]")
