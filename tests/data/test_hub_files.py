"""Datasets of Hugging Face as they lie on a disk: Arrow streams and Parquet files, with names of classes and splits."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from runner.data.examples import Examples
from runner.data.facts import DataFacts
from runner.data.tabular.prepared import PreparedTable
from runner.errors import DataError
from tests.data.test_table_source import IN_MEMORY, source

SIZES = {"train": 60, "validation": 12, "test": 18}
FEATURES = {
    "text": {"dtype": "string", "_type": "Value"},
    "stars": {"dtype": "int64", "_type": "Value"},
    "image": {"_type": "Image"},
    "label": {"names": ["neg", "pos"], "_type": "ClassLabel"},
}
PICTURE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


def rows(part: str, label: Any = None) -> pa.Table:
    """A split as ``datasets`` has it in memory: features of the whole in the schema's metadata."""
    n = np.arange(SIZES[part])
    columns = {
        "text": pa.array([f"a {'good' if k % 2 else 'poor'} film" for k in n]),
        "stars": pa.array(n % 5),
        "image": pa.array([{"bytes": b"x", "path": None}] * len(n), PICTURE),
        "label": pa.array(n % 2 if label is None else label(n), pa.int64()),
    }
    said = json.dumps({"info": {"features": FEATURES}, "fingerprint": "0123456789abcdef"})
    return pa.table(columns).replace_schema_metadata({"huggingface": said})


def save_to_disk(folder: Path, **changed: Any) -> None:
    """The layout of ``DatasetDict.save_to_disk``: a folder a split, each with streams of Arrow's and their state."""
    folder.mkdir()
    (folder / "dataset_dict.json").write_text(json.dumps({"splits": list(SIZES)}))
    for part in SIZES:
        table, names = rows(part, changed.get(part)), [f"data-{k:05}-of-00002.arrow" for k in range(2)]
        (folder / part).mkdir()
        half = len(table) // 2
        for name, piece in zip(names, (table[:half], table[half:]), strict=True):
            with pa.OSFile(str(folder / part / name), "wb") as file, pa.ipc.new_stream(file, table.schema) as stream:
                stream.write_table(piece, max_chunksize=7)
        state = {"_data_files": [{"filename": name} for name in names], "_split": part}
        (folder / part / "state.json").write_text(json.dumps(state))
        (folder / part / "dataset_info.json").write_text(json.dumps({"features": FEATURES}))


def hub(folder: Path) -> None:
    """The layout of a repository: Parquet files whose names begin with the split's."""
    folder.mkdir()
    for part in SIZES:
        parquet.write_table(rows(part), folder / f"{part}-00000-of-00001.parquet")


def opened(folder: Path, files: str, **data: Any) -> tuple[Any, DataFacts]:
    columns = {"text": {"output": "multi_hot"}}
    keys = {"source": "parquet", "files": files, "target": "label", "columns": columns, "splits": {"by": "file"}}
    made = source(folder, **{**keys, **data})
    return made, made.facts(lambda _: None)


@pytest.mark.parametrize(("write", "files"), [(save_to_disk, "ds/*/*.arrow"), (hub, "ds/*.parquet")])
def test_a_dataset_on_a_disk_has_its_splits_and_names_of_classes(folder: Path, write: Any, files: str) -> None:
    write(folder / "ds")
    made, found = opened(folder, files)
    assert (found.train, found.validation, found.test) == tuple(SIZES.values())
    assert found.class_names == ("neg", "pos")
    roles = {column.name: (column.role, column.note) for column in found.columns}
    assert roles["text"] == ("input", "multi_hot, 4 words")
    assert roles["image"] == ("not used", "its values are neither numbers, dates nor text")
    dataset = made.load(found, IN_MEMORY, 0)
    for part, size in SIZES.items():
        examples = getattr(dataset, part)
        assert isinstance(examples, Examples)
        np.testing.assert_array_equal(examples.y, np.arange(size) % 2)


def test_both_layouts_give_the_same_examples(folder: Path) -> None:
    save_to_disk(folder / "a")
    hub(folder / "b")
    (one, first), (two, second) = opened(folder, "a/*/*.arrow"), opened(folder, "b/*.parquet")
    x, y = one.load(first, IN_MEMORY, 0), two.load(second, IN_MEMORY, 0)
    for part in SIZES:
        assert getattr(x, part).digest() == getattr(y, part).digest()


def test_a_class_without_a_name_is_named_by_its_row_and_minus_one_is_missing(folder: Path) -> None:
    save_to_disk(folder / "ds", test=lambda n: np.where(n == 16, 7, n % 2))
    with pytest.raises(DataError, match=r"data-00001-of-00002.arrow: row 8, column 'label': class 7 has no name"):
        opened(folder, "ds/*/*.arrow")
    save_to_disk(folder / "other", train=lambda n: np.where(n < 3, -1, n % 2))
    assert opened(folder, "other/*/*.arrow")[1].train == 57


def test_a_file_that_says_no_part_is_named_and_a_word_may_be_given(folder: Path) -> None:
    hub(folder / "ds")
    (folder / "ds" / "test-00000-of-00001.parquet").rename(folder / "ds" / "final.parquet")
    with pytest.raises(DataError, match=r"ds/final\.parquet names no part") as caught:
        opened(folder, "ds/*.parquet")
    assert caught.value.help[0].endswith("words: {train: [final]}")
    found = opened(folder, "ds/*.parquet", splits={"by": "file", "words": {"test": ["final"]}})[1]
    assert found.test == 18


@pytest.mark.parametrize(
    "content", [b"", b"ARROW1", b"not Arrow at all", b"\xff\xff\xff\xff\x10\x00\x00\x00" + b"\0" * 40]
)
def test_what_is_no_arrow_file_is_named(folder: Path, content: bytes) -> None:
    (folder / "train.arrow").write_bytes(content)
    with pytest.raises(DataError, match=r"train\.arrow"):
        opened(folder, "train.arrow")


def test_files_with_a_table_of_contents_are_read_too(folder: Path) -> None:
    for part in SIZES:
        table = rows(part)
        with pa.OSFile(str(folder / f"{part}.arrow"), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
    found = opened(folder, "*.arrow")[1]
    assert isinstance(found.details, PreparedTable)
    assert (found.train, found.test) == (60, 18)
