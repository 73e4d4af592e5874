"""Images in Arrow and Parquet files, as datasets of Hugging Face lie on a disk, without their library."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from pyarrow import parquet

from runner.errors import DataError
from tests.data.test_own_files import Opened, epoch, every, fault

FEATURES = {
    "image": {"_type": "Image"},
    "label": {"names": ["zebra", "ant"], "_type": "ClassLabel"},
}
PICTURE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
SIZES = {"train": 30, "validation": 8, "test": 12}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


def pixels(n: int) -> np.ndarray:
    return np.full((4, 6, 3), 2 * n + 1, np.uint8) + np.arange(3, dtype=np.uint8)


def png(n: int) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels(n)).save(stream, "png")
    return stream.getvalue()


def rows(part: str, change: dict[int, Any] | None = None) -> pa.Table:
    """A split as ``datasets`` has it in memory: the features of the whole in the schema's metadata."""
    first = 50 * [*SIZES].index(part)
    images = [(change or {}).get(n, {"bytes": png(first % 100 + n), "path": f"{n}.png"}) for n in range(SIZES[part])]
    labels = [n % 2 for n in range(SIZES[part])]
    said = json.dumps({"info": {"features": FEATURES}, "fingerprint": "0123456789abcdef"})
    table = pa.table({"image": pa.array(images, PICTURE), "label": pa.array(labels, pa.int64())})
    return table.replace_schema_metadata({"huggingface": said})


def save_to_disk(folder: Path, change: dict[int, Any] | None = None) -> None:
    """The layout of ``DatasetDict.save_to_disk``: a folder a split, each with streams of Arrow's and their state."""
    (folder).mkdir()
    (folder / "dataset_dict.json").write_text(json.dumps({"splits": list(SIZES)}))
    for part in SIZES:
        (folder / part).mkdir()
        table, name = rows(part, change if part == "train" else None), "data-00000-of-00001.arrow"
        with pa.OSFile(str(folder / part / name), "wb") as file, pa.ipc.new_stream(file, table.schema) as stream:
            stream.write_table(table, max_chunksize=7)
        (folder / part / "state.json").write_text(json.dumps({"_data_files": [{"filename": name}], "_split": part}))
        (folder / part / "dataset_info.json").write_text(json.dumps({"features": FEATURES}))


def hub(folder: Path, change: dict[int, Any] | None = None) -> None:
    """The layout of a repository: Parquet files whose names begin with the split's."""
    folder.mkdir()
    for part in SIZES:
        path = folder / f"{part}-00000-of-00001.parquet"
        parquet.write_table(rows(part, change if part == "train" else None), path, row_group_size=9)


@pytest.mark.parametrize(("write", "files"), [(save_to_disk, "ds/*/*.arrow"), (hub, "ds/*.parquet")])
def test_images_are_read_by_their_places_with_names_of_classes_and_parts(folder: Path, write: Any, files: str) -> None:
    write(folder / "ds")
    found = Opened(folder, source="images", files=files)
    facts = found.facts
    assert (facts.train, facts.validation, facts.test, facts.shape) == (30, 8, 12, (4, 6, 3))
    assert facts.class_names == ("ant", "zebra")
    memory, streamed = found.load(), found.load(1)
    x, y = every(memory.train)
    assert np.array_equal(x, np.stack([pixels(n) for n in range(30)]))
    assert y.tolist() == [1, 0] * 15
    for given, wanted in zip(every(streamed.train), (x, y), strict=True):
        assert np.array_equal(given, wanted)
    assert np.array_equal(every(memory.test)[0], np.stack([pixels(n) for n in range(12)]))
    whole, rest = epoch(streamed.train, 1, 0), epoch(streamed.train, 1, 0, 10)
    assert np.array_equal(whole[0][10:], rest[0])


def test_the_same_images_have_the_same_hash_whatever_the_layout_is_called(folder: Path) -> None:
    save_to_disk(folder / "a")
    save_to_disk(folder / "b")
    save_to_disk(folder / "c", {3: {"bytes": png(77), "path": None}})
    hashes = [Opened(folder, source="images", files=f"{name}/*/*.arrow").facts.sha256 for name in "abc"]
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_file_that_changes_is_noticed(folder: Path) -> None:
    save_to_disk(folder / "ds")
    found = Opened(folder, source="images", files="ds/*/*.arrow")
    file = folder / "ds" / "train" / "data-00000-of-00001.arrow"
    file.write_bytes(file.read_bytes() + b"\0")
    with pytest.raises(DataError, match=r"train/data-00000-of-00001\.arrow has changed"):
        found.load()


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"bytes": None, "path": "/etc/passwd"}, "row 4: the row has the path '/etc/passwd' of an image, and not"),
        (None, "row 4: the row has no image"),
        ({"bytes": b"GIF89", "path": None}, "row 4 is not an image that can be read"),
    ],
)
def test_a_row_without_an_image_is_named_or_skipped(folder: Path, value: Any, says: str) -> None:
    save_to_disk(folder / "ds", {3: value})
    assert says in str(fault(folder, source="images", files="ds/*/*.arrow"))
    found = Opened(folder, source="images", files="ds/*/*.arrow", on_error="skip")
    assert found.facts.train == 29
    assert len(found.facts.left_out) == 1
    assert np.array_equal(every(found.load().train)[0][3], pixels(4))


def test_columns_and_files_that_do_not_fit_are_named(folder: Path) -> None:
    save_to_disk(folder / "ds")
    (folder / "ds" / "odd").mkdir()
    source = folder / "ds" / "test" / "data-00000-of-00001.arrow"
    (folder / "ds" / "odd" / "x.arrow").write_bytes(source.read_bytes())
    assert "odd/x.arrow is in no part" in str(fault(folder, source="images", files="ds/*/*.arrow"))
    wrong = fault(folder, source="images", files="ds/train/*.arrow", column="imgae")
    assert (wrong.path, wrong.help[0]) == (("data", "column"), "did you mean 'image'?")
    assert "holds no images" in str(fault(folder, source="images", files="ds/train/*.arrow", column="label"))
    assert fault(folder, source="images", files="ds/train/*.arrow", target="lable").path == ("data", "target")


def test_without_names_of_parts_the_images_are_divided(folder: Path) -> None:
    parquet.write_table(rows("train"), folder / "birds.parquet")
    facts = Opened(folder, source="images", files="birds.parquet").facts
    assert (facts.train, facts.validation, facts.test) == (24, 3, 3)


def test_weights_of_images_that_a_file_lists_act_in_memory_and_streamed(folder: Path) -> None:
    table = rows("train").append_column("w", pa.array([n / 4 for n in range(30)]))
    parquet.write_table(table, folder / "birds.parquet")
    lines = ["path,label,w"]
    for n in range(30):
        (folder / f"{n}.png").write_bytes(png(n))
        lines.append(f"{n}.png,{'ab'[n % 2]},{n / 4}")
    (folder / "birds.csv").write_text("\n".join(lines) + "\n")
    for asked in ({"files": "birds.parquet"}, {"file": "birds.csv"}):
        found = Opened(folder, source="images", weight="w", **asked)
        assert found.facts.weighted
        for limit in (1 << 40, 1):
            (part,) = found.load(limit).train.blocks(100)
            assert part.weight is not None
            assert np.array_equal(part.weight, (part.x[:, 0, 0, 0] // 2) / np.float32(4))
    lines[3] = "2.png,a,-1"
    (folder / "birds.csv").write_text("\n".join(lines) + "\n")
    wrong = fault(folder, source="images", weight="w", file="birds.csv")
    assert (str(wrong), wrong.path) == (
        "2.png: the weight -1.0 is not a finite number of 0 or more",
        ("data", "weight"),
    )
