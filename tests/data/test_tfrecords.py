"""Where records lie in a file that TensorFlow wrote."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from runner.data.tfds.records import BrokenRecords, record_offsets


def written(path: Path, records: list[bytes]) -> Path:
    with tf.io.TFRecordWriter(str(path)) as writer:
        for record in records:
            writer.write(record)
    return path


@given(records=st.lists(st.binary(max_size=40), min_size=1, max_size=20))
def test_a_record_is_read_from_its_first_byte(tmp_path_factory: pytest.TempPathFactory, records: list[bytes]) -> None:
    file = written(tmp_path_factory.mktemp("records") / "file", records)
    offsets = record_offsets(file, len(records))

    def first(offset: Any) -> Any:
        raw = tf.raw_ops.TFRecordDatasetV2(
            filenames=[str(file)], compression_type="", buffer_size=0, byte_offsets=[offset]
        )
        return tf.data.experimental.from_variant(raw, tf.TensorSpec([], tf.string)).take(1)

    assert list(tf.data.Dataset.from_tensor_slices(offsets).flat_map(first).as_numpy_iterator()) == records


@pytest.mark.parametrize(
    ("count", "says"), [(4, "expected to contain 4 records but has 3"), (2, "does not end with record 2 of 2")]
)
def test_another_number_of_records_is_told(tmp_path: Path, count: int, says: str) -> None:
    file = written(tmp_path / "file", [b"a", b"bc", b""])
    assert record_offsets(file, 3).dtype == np.int64
    with pytest.raises(BrokenRecords, match=says):
        record_offsets(file, count)


def test_a_file_that_ends_within_a_record_is_told(tmp_path: Path) -> None:
    file = written(tmp_path / "file", [b"a" * 50, b"b" * 50])
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(BrokenRecords, match="does not end with record 2 of 2"):
        record_offsets(file, 2)
