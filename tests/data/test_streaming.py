"""Streaming: an order that is a function of (seed, epoch), any position cheaply, every example once."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.data.examples import Examples
from runner.data.placement import WINDOWS_AHEAD
from runner.data.streaming.block_order import Range, StreamedSplit, WindowOrder
from runner.data.streaming.read_ahead import ReadAhead
from runner.data.streaming.stream import StreamingFeed
from tests.cli.program import LIMIT


class Files:
    """A split whose inputs are their own places, and a record of what was read."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.reads: list[Range] = []

    def read(self, ranges: Iterator[Range]) -> Iterator[Examples]:
        for start, stop in ranges:
            self.reads.append((start, stop))
            places = np.arange(start, stop, dtype=np.int32)
            yield Examples(places[:, None], places)

    def split(self, block: int, window: int) -> StreamedSplit:
        number = np.dtype(np.int32)
        return StreamedSplit(WindowOrder(self.n, block, window), self.read, (1,), number, number, "0")


def stream_of(n: int, block: int, window: int) -> StreamingFeed:
    return StreamingFeed(Files(n).split(block, window))


def epoch_of(stream: StreamingFeed, n: int, epoch: int, step: int, seed: int = 3) -> list[int]:
    return [int(y) for a in range(0, n, step) for y in stream.take(seed, epoch, a, min(a + step, n)).y]


@given(n=st.integers(1, 300), block=st.integers(1, 40), window=st.integers(1, 5), step=st.integers(1, 70))
def test_an_epoch_has_every_example_once_whatever_the_batches(n: int, block: int, window: int, step: int) -> None:
    order = epoch_of(stream_of(n, block, window), n, 2, step)
    assert sorted(order) == list(range(n))
    assert epoch_of(stream_of(n, block, window), n, 2, n) == order


@given(start=st.integers(0, 99), size=st.integers(1, 60), epoch=st.integers(0, 2))
def test_any_part_of_any_epoch_is_that_of_the_whole(start: int, size: int, epoch: int) -> None:
    stream = stream_of(100, 7, 3)
    whole = epoch_of(stream, 100, epoch, 100)
    assert stream.take(3, epoch, start, min(start + size, 100)).y.tolist() == whole[start : start + size]


def test_inputs_and_targets_stay_together() -> None:
    part = stream_of(100, 7, 3).take(1, 0, 13, 59)
    assert np.array_equal(part.x[:, 0], part.y)


def test_the_order_differs_by_epoch_and_by_seed() -> None:
    stream = stream_of(200, 10, 4)
    orders = {tuple(epoch_of(stream, 200, epoch, 64, seed)) for seed in (1, 2) for epoch in (0, 1, 2)}
    assert len(orders) == 6


def test_examples_of_a_window_are_shuffled_across_its_blocks() -> None:
    order = epoch_of(stream_of(1000, 10, 20), 1000, 0, 1000)
    assert np.mean(np.diff(order) == 1) < 0.02


def test_going_on_from_the_middle_reads_only_what_is_needed() -> None:
    n = 10_000
    straight = epoch_of(stream_of(n, 100, 5), n, 3, 64)
    files = Files(n)
    stream = StreamingFeed(files.split(100, 5))
    assert stream.take(3, 3, 7_000, 7_064).y.tolist() == straight[7_000:7_064]
    stream.take(3, 3, 7_064, 7_128)
    assert len(files.reads) <= (1 + WINDOWS_AHEAD) * 5  # the window itself and those that are read ahead


def test_epochs_one_after_another_are_read_by_one_reader() -> None:
    files = Files(100)
    readers: list[int] = []

    def read(ranges: Iterator[Range]) -> Iterator[Examples]:
        readers.append(1)
        return files.read(ranges)

    number = np.dtype(np.int32)
    stream = StreamingFeed(StreamedSplit(WindowOrder(100, 10, 2), read, (1,), number, number, "0"))
    for epoch in range(3):
        epoch_of(stream, 100, epoch, 32)
    assert len(readers) == 1


class Held(Files):
    """Halts once, at a block of the window that is read ahead, until it is let go."""

    def __init__(self, n: int, halt: int) -> None:
        super().__init__(n)
        self.halt, self.reached, self.go = halt, threading.Event(), threading.Event()

    def read(self, ranges: Iterator[Range]) -> Iterator[Examples]:
        for part in super().read(ranges):
            if len(self.reads) == self.halt:
                self.reader = threading.current_thread()
                self.reached.set()
                assert self.go.wait(LIMIT)
            yield part


def test_a_closed_stream_reads_no_more_until_it_is_asked_again() -> None:
    files = Held(1_000, halt=60)
    stream = StreamingFeed(files.split(10, 50))
    part = stream.take(3, 0, 0, 10).y.tolist()
    assert files.reached.wait(LIMIT)
    stream.close()
    files.go.set()
    files.reader.join(LIMIT)
    assert len(files.reads) == files.halt
    assert stream.take(3, 0, 0, 10).y.tolist() == part
    stream.close()


@pytest.mark.parametrize("n", [1, 99, 100, 101])
def test_the_last_block_may_be_short(n: int) -> None:
    order = WindowOrder(n, 100, 2)
    assert sum(order.size(blocks) for blocks in order.windows(1, 0)) == n


def test_blocks_have_the_examples_in_the_order_of_the_files() -> None:
    parts = [part.y.tolist() for part in Files(25).split(4, 2).blocks(10)]
    assert parts == [list(range(10)), list(range(10, 20)), list(range(20, 25))]


def test_the_next_item_is_made_while_one_is_used() -> None:
    made = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        made.set()
        yield 2

    ahead = ReadAhead(items())
    assert next(ahead) == 1
    assert made.wait(LIMIT)
    assert list(ahead) == [2]


def test_so_many_items_are_made_ahead_and_no_more() -> None:
    made: list[int] = []
    third = threading.Event()

    def items() -> Iterator[int]:
        for k in range(10):
            made.append(k)
            if k == 3:
                third.set()
            yield k

    ahead = ReadAhead(items(), 3)
    assert next(ahead) == 0
    assert third.wait(LIMIT)
    assert made == [0, 1, 2, 3]  # who would make another is asked for it by next alone
    assert list(ahead) == list(range(1, 10))


def test_what_goes_wrong_is_raised_where_the_item_is_asked_for() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("torn")

    ahead = ReadAhead(items())
    assert next(ahead) == 1
    with pytest.raises(ValueError, match="torn"):
        next(ahead)


@pytest.mark.parametrize(("start", "stop"), [(0, 7), (13, 29), (30, 37), (36, 60)])
def test_places_are_those_of_the_examples_that_are_taken(start: int, stop: int) -> None:
    order = WindowOrder(37, 4, 3)
    whole = Examples(np.arange(37, dtype=np.float32)[:, None], np.arange(37, dtype=np.int32))
    read = lambda ranges: (whole.at(slice(*part)) for part in ranges)  # noqa: E731
    split = StreamedSplit(order, read, (1,), np.dtype(np.float32), np.dtype(np.int32), "0" * 64)
    feed = StreamingFeed(split)
    taken = feed.take(3, 2, start, stop)
    feed.close()
    assert order.places(3, 2, start, stop).tolist() == taken.y.tolist()
