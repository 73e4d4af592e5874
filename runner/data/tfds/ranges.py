"""Reads ranges of a prepared split from its files, through tf.data."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from runner.data.examples import Array, Examples, joined
from runner.data.streaming.block_order import Range, ReadRanges
from runner.data.tfds.own import OwnBuilder
from runner.data.tfds.records import BrokenRecords, record_offsets
from runner.data.tfds.taking import specs, taken, target_of
from runner.errors import DataError
from runner.hardware.cores import cores

_RANGES = 64
"""That a pipeline reads. An endless one would need a generator in Python, beside which deterministic TensorFlow decodes
at half the speed."""
_BUFFER = 1 << 18
"""Bytes that are read at a time."""
_TOGETHER = 256
"""Records at most that are in memory together while only their targets are read."""
_OPERATION = re.compile(r"\{\{.*?\}\}|\[Op:.*", re.DOTALL)
Piece = tuple[str, int, int]
"""File, its first byte, number of records."""


def has_ranges(builder: Any) -> bool:
    """Whether a prepared dataset's files are of a format that is read range by range."""
    return bool(builder.info.file_format.value == "tfrecord")


def unreadable(split: str, message: str) -> DataError:
    """What is said of files that cannot be read, without what TensorFlow says of its own insides."""
    reason = _OPERATION.sub("", message).strip()
    return DataError(
        f"split {split!r} cannot be read: {reason}", "delete the dataset's folder: it is then prepared again"
    )


class Located(Protocol):
    """Examples whose places in files are known."""

    split: str

    def pieces(self, start: int, stop: int) -> Iterator[Piece]:
        """Where examples ``start … stop - 1`` lie."""


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
        self._files = [Path(path) for path in found.filepaths]
        self._counts = [int(count) for count in found.shard_lengths]
        self._starts = np.cumsum([0, *found.shard_lengths])
        self._offset = offset

    def pieces(self, start: int, stop: int) -> Iterator[Piece]:
        """Where examples ``start … stop - 1``, counted from the first that is wanted, lie.

        Raises:
            BrokenRecords: a file has not the records that the metadata says.
            OSError: it cannot be read.
        """
        first, last = start + self._offset, stop + self._offset
        while first < last:
            k = int(np.searchsorted(self._starts, first, side="right")) - 1
            begin, count = first - int(self._starts[k]), self._counts[k]
            size = min(count - begin, last - first)
            yield str(self._files[k]), int(record_offsets(self._files[k], count)[begin]), size
            first += size

    def identity(self, folder: Path, n: int) -> str:
        """SHA-256 of the metadata, of the files' names and sizes, and of which examples are wanted."""
        facts = {
            "metadata": hashlib.sha256((folder / "dataset_info.json").read_bytes()).hexdigest(),
            "files": {file.name: file.stat().st_size for file in self._files},
            "examples": [self._offset, n],
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def ranges_reader(builder: Any, shards: Located, y_type: np.dtype[Any]) -> ReadRanges:
    """What reads and decodes ranges, in their order and on all cores.

    Records have checksums, which TensorFlow checks; a file with fewer than its metadata says is an error.
    """
    decoder = cache(lambda: _decoder(builder))

    def read(ranges: Iterator[Range]) -> Iterator[Examples]:
        with _told(shards):
            while some := list(islice(ranges, _RANGES)):
                found = [list(shards.pieces(start, stop)) for start, stop in some]
                pipeline = _pipeline(list(chain.from_iterable(found)), decoder())
                parts = (Examples(x, y.astype(y_type)) for x, y in pipeline.as_numpy_iterator())
                yield from (joined(list(islice(parts, len(pieces)))) for pieces in found)

    return read


def targets_reader(builder: OwnBuilder, shards: Located, n: int) -> Callable[[], Iterator[Array]]:
    """What reads the targets of all examples, in the files' order; they are kept, as the places of the records are."""

    @cache
    def targets() -> tuple[Array, ...]:
        with _told(shards):
            starts = range(0, n, _TOGETHER)
            pieces = [piece for k in starts for piece in shards.pieces(k, min(k + _TOGETHER, n))]
            return tuple(_pipeline(pieces, _target_decoder(builder)).as_numpy_iterator())

    return lambda: iter(targets())


@contextmanager
def _told(shards: Located) -> Iterator[None]:
    """What cannot be read is said with the split's name."""
    import tensorflow as tf

    try:
        yield
    except tf.errors.OpError as error:
        raise unreadable(shards.split, error.message) from error
    except (BrokenRecords, OSError) as error:
        raise unreadable(shards.split, str(error)) from error


def _decoder(builder: Any) -> Any:
    """Records of a piece → its inputs and targets; traced once."""
    features, selection, decoders = builder.info.features, builder.selection, builder.decoders()

    def decoded(record: Any) -> Any:
        return taken(features.deserialize_example(record, decoders=decoders), selection)

    return _each(decoded, specs(selection))


def _target_decoder(builder: OwnBuilder) -> Any:
    features, selection = builder.target_features(), builder.selection
    return _each(lambda record: target_of(features.deserialize_example(record), selection), specs(selection)[1])


def _each(decoded: Callable[[Any], Any], made: Any) -> Any:
    """A function of many records."""
    import tensorflow as tf

    # all within one call of tf.data: a call for each example took three times as long, most of it between threads
    return tf.function(
        lambda records: tf.map_fn(decoded, records, fn_output_signature=made),
        input_signature=[tf.TensorSpec([None], tf.string)],
    )


def _pipeline(pieces: list[Piece], decode: Any) -> Any:
    """One element a piece."""
    import tensorflow as tf

    def records(file: Any, offset: Any, take: Any) -> Any:
        opened = tf.raw_ops.TFRecordDatasetV2(
            filenames=[file], compression_type="", buffer_size=_BUFFER, byte_offsets=[offset]
        )
        found = tf.data.experimental.from_variant(opened, tf.TensorSpec([], tf.string)).take(take)
        return found.apply(tf.data.experimental.assert_cardinality(take)).batch(take)

    files, offsets, sizes = zip(*pieces, strict=True)
    listed = (list(files), np.array(offsets, np.int64), np.array(sizes, np.int64))
    pipeline = tf.data.Dataset.from_tensor_slices(listed).flat_map(records)
    pipeline = pipeline.map(decode, num_parallel_calls=cores(), deterministic=True).prefetch(1)
    options = tf.data.Options()
    options.threading.private_threadpool_size = cores()  # so that training's operations do not wait behind decoding
    return pipeline.with_options(options)
