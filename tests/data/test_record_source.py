"""source: tfrecord: records by position, each held against its checksums and what the recipe declares."""

import gzip
import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from runner.data.access import DataAccess
from runner.data.cache import cache_folder
from runner.data.examples import Dataset, Examples
from runner.data.facts import DataFacts
from runner.data.placement import Placement, Window
from runner.data.records.index import record_index
from runner.data.records.message import BrokenMessage, features_of
from runner.data.sources import source_of
from runner.data.sources.records import RecordDetails
from runner.data.streaming.block_order import StreamedSplit, collected
from runner.errors import DataError
from runner.workflows.dataset_check.example_names import names_of
from schemas.recipe import Recipe

IN_MEMORY, STREAMED = Placement(None, True, 0), Placement(Window(7, 3), False, 0)
FEATURES = {
    "png": {"dtype": "uint8", "shape": [3, 2, 3], "encoding": "png"},
    "jpeg": {"dtype": "uint8", "shape": [8, 8, 1], "encoding": "jpeg"},
    "raw": {"dtype": "int16", "shape": [2, 2], "encoding": "raw"},
    "age": {"dtype": "float32"},
    "visits": {"dtype": "int64", "shape": [2]},
    "town": {"dtype": "text"},
    "kind": {"dtype": "int64"},
    "both": {"dtype": "float32", "shape": [2]},
}
ROWS = 90


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    write(tmp_path)
    return tmp_path


def picture(pixels: Any, form: str) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, form)
    return stream.getvalue()


def example(k: int) -> dict[str, Any]:
    return {
        "png": [picture(np.full((3, 2, 3), k, np.uint8), "png")],
        "jpeg": [picture(np.full((8, 8), k, np.uint8), "jpeg")],
        "raw": [np.array([[k, -k], [2 * k, 300]], "<i2").tobytes()],
        "age": [k / 4],
        "visits": [k, -k],
        "town": [["Rome", "Oslo", "Lima"][k % 3].encode()],
        "kind": [k % 2],
        "both": [k / 2, -k / 2],
    }


def record(values: dict[str, Any]) -> bytes:
    """Written by TensorFlow."""
    lists = {
        bytes: lambda v: tf.train.Feature(bytes_list=tf.train.BytesList(value=v)),
        float: lambda v: tf.train.Feature(float_list=tf.train.FloatList(value=v)),
        int: lambda v: tf.train.Feature(int64_list=tf.train.Int64List(value=v)),
    }
    feature = {name: lists[type(value[0])](value) for name, value in values.items()}
    message: bytes = tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()
    return message


def write(folder: Path, name: str = "a-1.tfrecord", rows: range = range(ROWS), change: Any = None) -> Path:
    """A file of some rows; ``change`` has other values of some."""
    with tf.io.TFRecordWriter(str(folder / name)) as writer:
        for k in rows:
            writer.write(record(example(k) | (change or {}).get(k, {})))
    return folder / name


OUTPUTS = {"town": {"task": "classification"}, "years": {"task": "regression", "target": "age"}}


def source(folder: Path, task: str = "classification", **data: Any) -> Any:
    asked = {"source": "tfrecord", "files": "a-*.tfrecord", "features": FEATURES, "inputs": "png", "target": "town"}
    tree = {
        "recipe": 1,
        "name": "t",
        "task": task,
        "data": asked | data,
        "model": {"kind": "sequential", "layers": [], **({"outputs": OUTPUTS} if task == "multi_output" else {})},
        "training": {"epochs": 1},
    }
    recipe = Recipe.model_validate(tree)
    return source_of(recipe.data, DataAccess().within(folder), recipe)


def facts(folder: Path, **data: Any) -> DataFacts:
    found = source(folder, **data).facts(lambda _: None)
    assert isinstance(found, DataFacts)
    return found


def loaded(folder: Path, where: Placement, **data: Any) -> tuple[Dataset, RecordDetails]:
    asked = source(folder, **data)
    found = asked.facts(lambda _: None)
    assert isinstance(found.details, RecordDetails)
    return asked.load(found, where, 0), found.details


def refused(folder: Path, **data: Any) -> str:
    with pytest.raises(DataError) as caught:
        facts(folder, **data)
    return " ".join([str(caught.value), *caught.value.help])


CASES: dict[str, tuple[Any, Any]] = {
    "png": ("png", lambda k: np.full((3, 2, 3), k)),
    "raw": ("raw", lambda k: [[k, -k], [2 * k, 300]]),
    "a number": ("age", lambda k: [k / 4]),
    "several": (["visits", "raw", "age"], lambda k: [k, -k, k, -k, 2 * k, 300, k / 4]),
}


@pytest.mark.parametrize("name", CASES)
def test_every_record_is_read_by_its_place_in_memory_and_streamed(folder: Path, name: str) -> None:
    inputs, x_of = CASES[name]
    dataset, details = loaded(folder, IN_MEMORY, inputs=inputs)
    streamed, _ = loaded(folder, STREAMED, inputs=inputs)
    assert sorted(np.concatenate(list(details.parts.values())).tolist()) == list(range(ROWS))
    for part, places in details.parts.items():
        split, other = getattr(dataset, part), getattr(streamed, part)
        assert isinstance(split, Examples)
        assert isinstance(other, StreamedSplit)
        whole = collected(other)
        assert np.array_equal(split.x, np.array([x_of(k) for k in places], split.x.dtype))
        assert np.array_equal(
            split.y, [{"Lima": 0, "Oslo": 1, "Rome": 2}[["Rome", "Oslo", "Lima"][k % 3]] for k in places]
        )
        assert np.array_equal(whole.x, split.x)
        assert np.array_equal(whole.y, split.y)
        assert split.x.shape[1:] == facts(folder, inputs=inputs).shape


def test_jpeg_is_decoded_and_types_stay_small(folder: Path) -> None:
    dataset, details = loaded(folder, IN_MEMORY, inputs="jpeg")
    assert isinstance(dataset.train, Examples)
    assert dataset.train.x.dtype == np.uint8
    wanted = np.array(details.parts["train"], np.int64)[:, None, None, None]
    assert np.abs(dataset.train.x.astype(np.int64) - wanted).max() <= 1
    assert facts(folder, inputs="raw").bytes_per_value == 2


def test_targets_are_classes_numbers_or_labels(folder: Path) -> None:
    assert facts(folder).class_names == ("Lima", "Oslo", "Rome")
    assert facts(folder, target="kind").class_names == ("0", "1")
    assert facts(folder, task="regression", target="age").targets == ()
    assert facts(folder, task="regression", target="both").targets == ("0", "1")
    write(folder, change={k: {"visits": [k % 2, k % 3 % 2]} for k in range(ROWS)})
    labels = facts(folder, task="multi_label", target="visits")
    assert (labels.labels, labels.targets) == (True, ("0", "1"))


def test_each_of_several_outputs_has_a_feature_of_its_own(folder: Path) -> None:
    asked = {"task": "multi_output", "target": ["age", "town"]}
    found = facts(folder, **asked)
    assert (found.targets, found.target_classes) == (("age", "town"), ((), ("Lima", "Oslo", "Rome")))
    dataset, details = loaded(folder, STREAMED, **asked)
    assert isinstance(dataset.train, StreamedSplit)
    whole = collected(dataset.train)
    assert np.array_equal(
        whole.y, np.float32([[k / 4, 2 - k % 3 if k % 3 != 1 else 1] for k in details.parts["train"]])
    )
    assert np.array_equal(whole.x[:, 0, 0, 0], details.parts["train"])
    wide = {"features": {**FEATURES, "age": {"dtype": "int64", "shape": [2]}}}
    write(folder, change={k: {"age": [k, k]} for k in range(ROWS)})
    assert "the target has the shape [2]" in refused(folder, **asked, **wide)
    write(folder)
    write(folder, "test.tfrecord", range(ROWS, ROWS + 3), {ROWS + 1: {"town": [b"Bonn"]}})
    assert "test.tfrecord: record 2, feature 'town': its class 'Bonn' is in test" in refused(
        folder, **asked, test="test.tfrecord"
    )


def test_parts_may_have_files_of_their_own(folder: Path) -> None:
    write(folder, "test.tfrecord", range(ROWS, ROWS + 6))
    found = facts(folder, test="test.tfrecord")
    assert (found.train, found.validation, found.test) == (81, 9, 6)
    assert "a-1.tfrecord is in two parts" in refused(folder, test="a-1.tfrecord")


def test_a_broken_record_is_named_by_its_file_and_number(folder: Path) -> None:
    path = folder / "a-1.tfrecord"
    whole, index = path.read_bytes(), record_index(path)
    start = int(index[41, 0])
    for place, said in ((start + 9, "data"), (start - 12, "a length"), (start - 2, "a length")):
        broken = bytearray(whole)
        broken[place] ^= 4
        path.write_bytes(broken)
        assert f"a-1.tfrecord: record 42, at byte {start - 12:,}, has {'a ' * (said == 'length')}{said}" in refused(
            folder
        )
    path.write_bytes(whole[:-9])
    assert f"a-1.tfrecord: record {ROWS}, at byte {int(index[-1, 0]) - 12:,}, is truncated" in refused(folder)
    path.write_bytes(b"\x1f\x8b" + whole)
    assert "is not a complete GZIP file" in refused(folder)


def test_checksums_are_those_that_tensorflow_writes(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    records = [random.bytes(size) for size in (0, 1, 8, 1023, 1024, 1025, 5000, 100_000, *range(2000, 2050))]
    path = tmp_path / "sizes.tfrecord"
    with tf.io.TFRecordWriter(str(path)) as writer:
        for one in records:
            writer.write(one)
    content = path.read_bytes()
    assert [content[start : start + size] for start, size in record_index(path)] == records


def test_the_index_is_built_once_for_a_content(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = facts(folder)
    assert list(cache_folder().glob("*.npy"))
    monkeypatch.setattr(
        "runner.data.records.index.record_index", lambda path: pytest.fail("the file was looked at again")
    )
    assert facts(folder) == first


@pytest.mark.parametrize(
    ("change", "data", "said"),
    [
        ({7: {"town": [3]}}, {}, "a-1.tfrecord: record 8: feature 'town' holds integers; declared is text values"),
        ({7: {"kind": [1, 2]}}, {"target": "kind"}, "record 8: feature 'kind' has 2 values; declared are 1"),
        ({7: {"raw": [b"abc"]}}, {"inputs": "raw"}, "record 8: feature 'raw' has 3 bytes; [2, 2] of int16 are 8"),
        ({7: {"age": [float("nan")]}}, {"inputs": "age"}, "record 8: feature 'age': nan is not a finite number"),
        ({7: {"town": [b"\xff"]}}, {}, "record 8: feature 'town' is not UTF-8 text"),
        ({}, {"features": {**FEATURES, "z": {"dtype": "text"}}, "target": "z"}, "record 1 has no feature 'z'; it has"),
        ({}, {"files": "b.tfrecord"}, "no such file"),
    ],
)  # fmt: skip
def test_what_is_not_as_declared_is_named(folder: Path, change: Any, data: dict[str, Any], said: str) -> None:
    write(folder, change=change)
    assert said in refused(folder, **data)


def test_an_image_that_cannot_be_decoded_is_named(folder: Path) -> None:
    for content in (b"no image", picture(np.zeros((5, 5, 3), np.uint8), "png")):
        write(folder, change={33: {"png": [content]}})
        with pytest.raises(DataError, match=r"a-1\.tfrecord: record 34 cannot be decoded"):
            loaded(folder, IN_MEMORY)


def test_an_example_goes_by_its_file_and_number(folder: Path) -> None:
    write(folder, "test.tfrecord", range(ROWS, ROWS + 6))
    assert names_of(facts(folder, test="test.tfrecord"))("test", 4) == "test, test.tfrecord: record 5"


def test_a_file_that_changes_is_noticed(folder: Path) -> None:
    asked = source(folder)
    found = asked.facts(lambda _: None)
    write(folder, change={3: {"kind": [7]}})
    with pytest.raises(DataError, match="has changed"):
        asked.load(found, IN_MEMORY, 0)


def test_compressed_files_are_unpacked_once_and_read_alike(folder: Path) -> None:
    plain, _ = loaded(folder, IN_MEMORY)
    whole = gzip.compress((folder / "a-1.tfrecord").read_bytes(), mtime=0)
    (folder / "z.tfrecord.gz").write_bytes(whole)
    packed, _ = loaded(folder, IN_MEMORY, files="z.tfrecord.gz")
    streamed, details = loaded(folder, STREAMED, files="z.tfrecord.gz")
    assert isinstance(plain.train, Examples)
    assert isinstance(packed.train, Examples)
    assert isinstance(streamed.train, StreamedSplit)
    for found in (packed.train, collected(streamed.train)):
        assert np.array_equal(found.x, plain.train.x)
        assert np.array_equal(found.y, plain.train.y)
    assert details.records.called(3) == "z.tfrecord: record 4"
    (folder / "z.tfrecord.gz").write_bytes(whole[:-20])
    assert "z.tfrecord.gz is not a complete GZIP file" in refused(folder, files="z.tfrecord.gz")
    (folder / "z.tfrecord.gz").write_bytes(gzip.compress(bytes(1 << 20), mtime=0))
    assert "grows to more than 200 times" in refused(folder, files="z.tfrecord.gz")


def test_messages_are_read_packed_and_unpacked() -> None:
    numbers = [0, 1, -1, 2**62, -(2**63), 300]
    whole = features_of(record({"n": numbers, "f": [0.5, -2.0], "b": [b"x", b""]}))
    assert whole["n"][1].tolist() == numbers  # type: ignore[union-attr]
    assert whole["f"][1].tolist() == [0.5, -2.0]  # type: ignore[union-attr]
    assert whole["b"] == ("bytes", [b"x", b""])
    unpacked = bytes.fromhex("0a0f0a0d0a016e12081a0608ac0208ac02")  # n: [300, 300], a field each
    assert features_of(unpacked)["n"][1].tolist() == [300, 300]  # type: ignore[union-attr]
    for cut in (b"\x0a", b"\x0a\xff", struct.pack("<Q", 2**63), b"\x0a\x02\x0a\x05"):
        with pytest.raises(BrokenMessage):
            features_of(cut)
