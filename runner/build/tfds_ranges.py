"""Reads ranges of a prepared split from its files, through one tf.data pipeline."""

import hashlib
import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from runner.build.arrays import Examples
from runner.build.streaming import Range, ReadRanges, joined
from runner.plan.facts import DataError
from runner.plan.threads import cores

_OPERATION = re.compile(r"\{\{.*?\}\}|\[Op:.*", re.DOTALL)
Piece = tuple[str, int, int]
"""File, records to leave out, records to take."""


def has_ranges(builder: Any) -> bool:
    """Whether a prepared dataset's files are of a format that is read range by range."""
    return bool(builder.info.file_format.value == "tfrecord")


def unreadable(split: str, error: Any) -> DataError:
    """What TensorFlow says of files that it cannot read, without what it says of its own insides."""
    reason = _OPERATION.sub("", error.message).strip()
    return DataError(f"split {split!r} cannot be read: {reason}", "delete the dataset's folder: it is prepared anew")


class Shards:
    """The files of a split, and which of its examples each one has.

    Args:
        builder: tensorflow-datasets', of a prepared dataset.
        split: name of a whole split.
        offset: first example that is wanted.

    Raises:
        DataError: when the files are of a format that is not read range by range.
    """

    def __init__(self, builder: Any, split: str, offset: int) -> None:
        if not has_ranges(builder):
            raise DataError(
                f"files of format {builder.info.file_format.value} cannot be read as the run trains, only tfrecord",
                "raise data.resident_limit, so that the data fits",
            )
        found = builder.info.splits[split]
        self.split = split
        self._files = [str(path) for path in found.filepaths]
        self._starts = np.cumsum([0, *found.shard_lengths])
        self._offset = offset

    def pieces(self, start: int, stop: int) -> Iterator[Piece]:
        """Where examples ``start … stop - 1``, counted from the first that is wanted, lie."""
        first, last = start + self._offset, stop + self._offset
        for k, file in enumerate(self._files):
            begin, end = max(first, int(self._starts[k])), min(last, int(self._starts[k + 1]))
            if begin < end:
                yield file, begin - int(self._starts[k]), end - begin

    def identity(self, folder: Path, n: int) -> str:
        """SHA-256 of the metadata, of the files' names and sizes, and of which examples are wanted."""
        facts = {
            "metadata": hashlib.sha256((folder / "dataset_info.json").read_bytes()).hexdigest(),
            "files": {Path(file).name: Path(file).stat().st_size for file in self._files},
            "examples": [self._offset, n],
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def ranges_reader(builder: Any, shards: Shards, y_type: np.dtype[Any]) -> ReadRanges:
    """What reads and decodes ranges, in their order and on all cores.

    Records have checksums, which TensorFlow checks; a file with fewer than its metadata says is an error.
    """

    def read(ranges: Iterator[Range]) -> Iterator[Examples]:
        import tensorflow as tf

        dealer = _Dealer(shards, ranges, hands=cores())
        # one pipeline a core: TensorFlow makes parallel ones serial where only deterministic operations are allowed
        readers = [_pipeline(builder, partial(dealer.pieces, hand)).as_numpy_iterator() for hand in range(cores())]
        try:
            for reader in cycle(readers):
                parts = [next(reader) for _ in range(dealer.take())]
                if not parts:
                    return
                yield joined([Examples(x, y.astype(y_type)) for x, y in parts])
        except tf.errors.OpError as error:  # files that are missing, torn, or end before their metadata says
            raise unreadable(shards.split, error) from error

    return read


class _Dealer:
    """Deals ranges out to several readers, in turn; each asks for its own in a thread of TensorFlow's.

    Args:
        shards: the files.
        ranges: perhaps without end.
        hands: number of readers.
    """

    def __init__(self, shards: Shards, ranges: Iterator[Range], hands: int) -> None:
        self._shards, self._ranges = shards, ranges
        self._turns = cycle(range(hands))
        self._dealt: list[deque[list[Piece]]] = [deque() for _ in range(hands)]
        self._sizes: deque[int] = deque()
        self._lock = Lock()

    def _deal(self) -> bool:
        for start, stop in self._ranges:
            pieces = list(self._shards.pieces(start, stop))
            self._dealt[next(self._turns)].append(pieces)
            self._sizes.append(len(pieces))
            return True
        return False

    def pieces(self, hand: int) -> Iterator[Piece]:
        """Those of every range that this reader has."""
        while True:
            with self._lock:
                while not self._dealt[hand] and self._deal():
                    pass
                if not self._dealt[hand]:
                    return
                pieces = self._dealt[hand].popleft()
            yield from pieces

    def take(self) -> int:
        """Pieces of the next range; 0: there is none."""
        with self._lock:
            return self._sizes.popleft() if self._sizes or self._deal() else 0


def _pipeline(builder: Any, pieces: Callable[[], Iterator[Piece]]) -> Any:
    """One element a piece: its inputs and targets."""
    import tensorflow as tf

    features, (x, y) = builder.info.features, builder.info.supervised_keys

    def decoded(record: Any) -> Any:
        example = features.deserialize_example(record)
        return example[x], example[y]

    def whole(file: Any, skip: Any, take: Any) -> Any:
        records = tf.data.TFRecordDataset(file).skip(skip).take(take)
        return records.apply(tf.data.experimental.assert_cardinality(take)).map(decoded).batch(take)

    signature = (tf.TensorSpec([], tf.string), tf.TensorSpec([], tf.int64), tf.TensorSpec([], tf.int64))
    options = tf.data.Options()
    options.threading.private_threadpool_size = 1  # so that training's operations do not wait behind decoding
    pipeline = tf.data.Dataset.from_generator(pieces, output_signature=signature).flat_map(whole)
    return pipeline.prefetch(2).with_options(options)
