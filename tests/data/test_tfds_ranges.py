"""Prepared tensorflow-datasets read range by range: what is read at once, in any order, torn files told."""

import os
import shutil
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.data.examples import Dataset, Examples, labels
from runner.data.placement import Placement, Window
from runner.data.streaming.block_order import StreamedSplit
from runner.data.streaming.stream import StreamingFeed
from runner.data.tfds.load import load_tfds
from runner.data.tfds.metadata import tfds_facts
from runner.data.tfds.ranges import Shards
from runner.errors import DataError
from schemas.data import TfdsData

PREPARED = os.environ.get("TFDS_DATA_DIR")
pytestmark = pytest.mark.skipif(
    PREPARED is None, reason="TFDS_DATA_DIR names no prepared tensorflow-datasets directory"
)
DATA = TfdsData.model_validate(
    {"source": "tfds", "name": "mnist",
     "splits": {"train": "train[1000:3500]", "validation": "train[99%:]", "test": "test[-100:]"}}
)  # fmt: skip


def loaded(window: Window | None, folder: Path | None = None) -> Dataset:
    place = folder or Path(str(PREPARED))
    facts = tfds_facts(DATA, place)
    assert facts is not None
    return load_tfds(DATA, facts, place, Placement(window, window is None, 0))


@pytest.fixture(scope="module")
def whole() -> Dataset:
    return loaded(None)


@pytest.fixture
def stream() -> Dataset:
    return loaded(Window(100, 5))


def test_parts_in_the_order_of_the_files_are_the_split_as_read_at_once(whole: Dataset, stream: Dataset) -> None:
    for split, memory in (
        (stream.train, whole.train),
        (stream.validation, whole.validation),
        (stream.test, whole.test),
    ):
        assert isinstance(split, StreamedSplit)
        assert isinstance(memory, Examples)
        parts = list(split.blocks(333))
        assert np.array_equal(np.concatenate([part.x for part in parts]), memory.x)
        assert np.array_equal(labels(split), memory.y)
        assert (parts[0].x.dtype, parts[0].y.dtype) == (memory.x.dtype, memory.y.dtype)
        assert (split.x_type, split.y_type, split.shape) == (memory.x.dtype, memory.y.dtype, memory.x.shape[1:])


def test_an_epoch_has_every_example_once(whole: Dataset, stream: Dataset) -> None:
    assert isinstance(stream.train, StreamedSplit)
    assert isinstance(whole.train, Examples)
    epoch = StreamingFeed(stream.train).take(5, 2, 0, 2500)
    pictures = {picture.tobytes(): int(y) for picture, y in zip(whole.train.x, whole.train.y, strict=True)}
    assert len(pictures) == 2500
    assert {picture.tobytes(): int(y) for picture, y in zip(epoch.x, epoch.y, strict=True)} == pictures
    assert not np.array_equal(epoch.y, whole.train.y)


def test_ranges_without_end_are_read_as_they_are_asked_for(stream: Dataset, whole: Dataset) -> None:
    assert isinstance(stream.train, StreamedSplit)
    asked: list[int] = []

    def ranges() -> Iterator[tuple[int, int]]:
        for k in count():
            asked.append(k)
            yield (k * 10) % 2500, (k * 10) % 2500 + 10

    parts = list(islice(stream.train.read(ranges()), 300))
    assert isinstance(whole.train, Examples)
    assert np.array_equal(parts[299].x, whole.train.x[490:500])
    assert len(asked) < 1000


def test_what_the_split_is_follows_from_its_files_and_its_part(stream: Dataset) -> None:
    assert stream.train.digest() == loaded(Window(50, 3)).train.digest()
    assert stream.validation is not None
    assert stream.train.digest() != stream.validation.digest()


def copied(folder: Path) -> Path:
    shutil.copytree(Path(str(PREPARED), "mnist"), folder / "mnist")
    return next((folder / "mnist").glob("*/mnist-train.tfrecord-*"))


@pytest.mark.parametrize("fault", ["flipped", "truncated"])
def test_a_damaged_file_is_told(tmp_path: Path, fault: str) -> None:
    file = copied(tmp_path)
    data = bytearray(file.read_bytes())
    middle = len(data) * 2500 // 60_000  # within the range that trains
    if fault == "flipped":
        data[middle] ^= 1
    else:
        del data[middle:]
    file.write_bytes(data)
    split = loaded(Window(100, 5), tmp_path).train
    with pytest.raises(DataError, match=r"split 'train\[1000:3500\]' cannot be read"):
        list(split.blocks(100))


def test_a_file_that_lost_whole_records_is_told(tmp_path: Path) -> None:
    import tensorflow as tf

    file = copied(tmp_path)
    with tf.io.TFRecordWriter(str(file.with_suffix(".new"))) as writer:
        for record in tf.data.TFRecordDataset(str(file)).take(2_000):
            writer.write(record.numpy())
    file.with_suffix(".new").replace(file)
    with pytest.raises(DataError, match=r"expected to contain|cannot be read"):
        list(loaded(Window(100, 5), tmp_path).train.blocks(100))


def test_other_formats_are_refused_with_the_way_out() -> None:
    builder: Any = type("Builder", (), {"info": type("Info", (), {"file_format": type("F", (), {"value": "riegeli"})})})
    with pytest.raises(DataError, match="format riegeli") as caught:
        Shards(builder, "train", 0)
    assert "resident_limit" in caught.value.help[0]


def test_a_range_may_span_files(tmp_path: Path) -> None:
    import tensorflow as tf

    files, sizes = [tmp_path / name for name in "abc"], (10, 5, 20)
    for file, size in zip(files, sizes, strict=True):
        with tf.io.TFRecordWriter(str(file)) as writer:
            for _ in range(size):
                writer.write(b"x" * 84)
    split = type("Split", (), {"filepaths": files, "shard_lengths": sizes})
    info = {"file_format": type("F", (), {"value": "tfrecord"}), "splits": {"train": split}}
    builder: Any = type("Builder", (), {"info": type("Info", (), info)})
    pieces = list(Shards(builder, "train", 4).pieces(3, 14))
    assert pieces == [(str(files[0]), 700, 3), (str(files[1]), 0, 5), (str(files[2]), 0, 3)]
