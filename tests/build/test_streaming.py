"""Streaming: an order that is a function of (seed, epoch), any position cheaply, every example once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.build.arrays import Examples
from runner.build.streaming import Stream, WindowOrder


class Files:
    """A split whose inputs are their own places, and a record of what was read."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.reads: list[tuple[int, int]] = []

    def read(self, start: int, stop: int) -> Examples:
        self.reads.append((start, stop))
        places = np.arange(start, stop, dtype=np.int32)
        return Examples(places[:, None], places)


def epoch_of(stream: Stream, epoch: int, step: int) -> list[int]:
    n = len(stream)
    return [int(y) for a in range(0, n, step) for y in stream.take(epoch, a, min(a + step, n)).y]


@given(n=st.integers(1, 300), block=st.integers(1, 40), window=st.integers(1, 5), step=st.integers(1, 70))
def test_an_epoch_has_every_example_once_whatever_the_batches(n: int, block: int, window: int, step: int) -> None:
    files = Files(n)
    stream = Stream(files.read, WindowOrder(n, block, window), seed=3)
    order = epoch_of(stream, 2, step)
    assert sorted(order) == list(range(n))
    again = Stream(Files(n).read, WindowOrder(n, block, window), seed=3)
    assert epoch_of(again, 2, n) == order


def test_inputs_and_targets_stay_together() -> None:
    part = Stream(Files(100).read, WindowOrder(100, 7, 3), seed=1).take(0, 13, 59)
    assert np.array_equal(part.x[:, 0], part.y)


def test_the_order_differs_by_epoch_and_by_seed() -> None:
    def order(seed: int, epoch: int) -> list[int]:
        return epoch_of(Stream(Files(200).read, WindowOrder(200, 10, 4), seed), epoch, 64)

    assert len({tuple(order(seed, epoch)) for seed in (1, 2) for epoch in (0, 1, 2)}) == 6


def test_examples_of_a_window_are_shuffled_across_its_blocks() -> None:
    order = epoch_of(Stream(Files(1000).read, WindowOrder(1000, 10, 20), seed=1), 0, 1000)
    neighbours = np.mean(np.diff(order) == 1)
    assert neighbours < 0.02


def test_going_on_from_the_middle_reads_only_what_is_needed() -> None:
    n, order = 10_000, WindowOrder(10_000, 100, 5)
    straight = epoch_of(Stream(Files(n).read, order, seed=4), 3, 64)
    files = Files(n)
    stream = Stream(files.read, order, seed=4)
    assert [int(y) for y in stream.take(3, 7_000, 7_064).y] == straight[7_000:7_064]
    stream.take(3, 7_064, 7_128)
    assert len(files.reads) <= 2 * order.window  # the window itself and the one read ahead


@pytest.mark.parametrize("n", [1, 99, 100, 101])
def test_the_last_block_may_be_short(n: int) -> None:
    order = WindowOrder(n, 100, 2)
    assert sum(order.size(blocks) for blocks in order.windows(1, 0)) == n
