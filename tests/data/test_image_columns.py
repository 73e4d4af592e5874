"""Columns of images in a table: which files they are, what the model receives, and what is refused."""

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet
import pytest
from PIL import Image

from runner.data.access import DataAccess
from runner.data.examples import Dataset
from runner.data.facts import DataFacts, ImageInput
from runner.data.placement import Placement, Window, placement
from runner.data.sources import source_of
from runner.data.streaming.block_order import StreamedSplit, collected
from runner.data.tabular.image_rows import Beside, ImageRows
from runner.data.tabular.prepared import PreparedTable
from runner.errors import DataError
from schemas.recipe import Recipe
from tests.started import tensorflow

__all__ = ["tensorflow"]

ROWS = 30
IN_MEMORY = Placement(None, True, 0)
SIZE = (5, 4)


def pixels(n: int) -> np.ndarray:
    return np.random.default_rng(n).integers(0, 255, (*SIZE, 3)).astype(np.uint8)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table in a folder of its own, with the photos of its rows."""
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "skin" / "photos").mkdir(parents=True)
    lines = ["photo,age,sex,kind"]
    for n in range(ROWS):
        Image.fromarray(pixels(n)).save(tmp_path / f"skin/photos/{n}.png")
        lines.append(f"photos/{n}.png,{20 + n if n != 7 else ''},{'fm'[n % 2]},{'ab'[n % 3 == 0]}")
    (tmp_path / "skin" / "skin.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def source(folder: Path, photo: dict[str, Any] | None = None, **data: Any) -> Any:
    tree = {
        "source": "csv",
        "files": "skin/skin.csv",
        "target": "kind",
        "columns": {"photo": photo or {"type": "image"}},
    }
    recipe = Recipe.model_validate(
        {
            "recipe": 1,
            "name": "t",
            "task": "classification",
            "data": tree | data,
            "model": {"kind": "functional", "layers": []},
            "training": {"epochs": 1},
        }
    )
    return source_of(recipe.data, DataAccess().within(folder), recipe)


def facts(folder: Path, photo: dict[str, Any] | None = None, **data: Any) -> DataFacts:
    found = source(folder, photo, **data).facts(lambda _: None)
    assert isinstance(found, DataFacts)
    return found


def loaded(folder: Path, how: Placement, photo: dict[str, Any] | None = None, **data: Any) -> tuple[DataFacts, Dataset]:
    of = source(folder, photo, **data)
    found = of.facts(lambda _: None)
    return found, of.load(found, how, 0)


def refused(folder: Path, photo: dict[str, Any] | None = None) -> DataError:
    with pytest.raises(DataError) as caught:
        facts(folder, photo)
    assert caught.value.path == ("data", "columns", "photo")
    return caught.value


def renamed(folder: Path, row: int, path: str) -> None:
    """Write another path into a row, from 1."""
    file = folder / "skin" / "skin.csv"
    lines = file.read_text().splitlines()
    lines[row] = ",".join([path, *lines[row].split(",")[1:]])
    file.write_text("\n".join(lines) + "\n")


def test_facts_say_where_the_pixels_are_and_how_many_bytes_a_row_has(folder: Path) -> None:
    found = facts(folder)
    assert found.images == (ImageInput("photo", 4, (5, 4, 3)),)
    assert dict(found.features) == {"age": (0,), "sex": (1, 2, 3)}
    assert found.shape == (2 + 60,)
    assert found.layer_input == (1 + 3 + 60,)
    shown = {column.name: (column.type, column.role, column.width, column.note) for column in found.columns}
    assert shown["photo"] == ("image", "input", 60, "5 x 4, rgb, 0 to 1")
    assert found.shared == ROWS * (2 * 4 + 60 + 4)  # two numbers, bytes of pixels, a class
    assert found.bytes_per_example == (2 + 60) * 4 + 4


def test_without_its_type_a_column_of_paths_is_no_input_and_says_why(folder: Path) -> None:
    found = facts(folder, columns={})
    assert found.images == ()
    assert next(one for one in found.columns if one.name == "photo").note == "paths of images need `type: image`"


def test_a_row_in_memory_has_its_numbers_and_its_own_photos_pixels(folder: Path) -> None:
    found, dataset = loaded(folder, IN_MEMORY)
    assert isinstance(dataset.train, ImageRows)
    assert dataset.train.inputs.pixels.dtype == np.uint8
    prepared = found.details
    assert isinstance(prepared, PreparedTable)
    rows = prepared.parts["train"]
    for row, x in zip(rows.tolist(), dataset.train.x, strict=True):
        np.testing.assert_array_equal(x[2:], pixels(row).reshape(-1))
        assert x[0] == pytest.approx(20 + row) if row != 7 else np.isnan(x[0])


@pytest.mark.parametrize("photo", [{"type": "image"}, {"size": [8, 3], "fit": "pad", "color": "grey"}])
def test_read_as_it_trains_a_row_is_what_it_is_in_memory(folder: Path, photo: dict[str, Any]) -> None:
    _, whole = loaded(folder, IN_MEMORY, photo)
    _, read = loaded(folder, Placement(Window(4, 2), False, 0), photo)
    for ours, theirs in ((read.train, whole.train), (read.test, whole.test)):
        assert isinstance(ours, StreamedSplit)
        assert isinstance(theirs, ImageRows)
        np.testing.assert_array_equal(collected(ours).x, theirs.x)
        np.testing.assert_array_equal(collected(ours).y, theirs.y)


def test_a_limit_counts_bytes_of_pixels_and_not_their_float32(folder: Path) -> None:
    found = facts(folder)
    assert placement(found, ROWS * (2 * 4 + 60 + 4)).window is None
    assert placement(found, ROWS * (2 * 4 + 60 + 4) - 1).window is not None


def test_rows_that_are_looked_at_once_take_little_memory() -> None:
    rows = ImageRows(Beside(np.zeros((10, 1), np.float32), np.zeros((10, 4_000_000), np.uint8)), np.arange(10))
    blocks = [(len(part), part.y.tolist()) for part in rows.blocks(4096)]
    assert max(size for size, _ in blocks) == 4  # 16 MB each
    assert [y for _, some in blocks for y in some] == list(range(10))


def test_two_columns_of_images_have_their_own_sizes(folder: Path) -> None:
    file = folder / "skin" / "skin.csv"
    head, *lines = file.read_text().splitlines()
    again = [f"{line},photos/{(n + 1) % ROWS}.png" for n, line in enumerate(lines)]
    file.write_text("\n".join([f"{head},next", *again]) + "\n")
    columns = {
        "photo": {"type": "image"},
        "next": {"type": "image"},
        "age": {"type": "ignore"},
        "sex": {"type": "ignore"},
    }
    found, dataset = loaded(folder, IN_MEMORY, columns=columns)
    assert [image.first for image in found.images] == [0, 60]
    assert isinstance(dataset.train, ImageRows)
    assert isinstance(found.details, PreparedTable)
    row = int(found.details.parts["train"][3])
    expected = np.concatenate([pixels(row).reshape(-1), pixels((row + 1) % ROWS).reshape(-1)])
    np.testing.assert_array_equal(dataset.train.x[3], expected)


def test_parquet_has_paths_as_csv_has(folder: Path) -> None:
    parquet.write_table(arrow_csv.read_csv(folder / "skin/skin.csv"), folder / "skin/skin.parquet")
    _, ours = loaded(folder, IN_MEMORY, source="parquet", files="skin/skin.parquet")
    _, theirs = loaded(folder, IN_MEMORY)
    assert ours.train.digest() == theirs.train.digest()


def test_another_photo_makes_another_dataset(folder: Path) -> None:
    before, _ = loaded(folder, IN_MEMORY)
    (folder / "skin/photos/0.png").write_bytes((folder / "skin/photos/1.png").read_bytes())
    after, _ = loaded(folder, IN_MEMORY)
    assert after.sha256 != before.sha256
    with pytest.raises(DataError, match=r"0\.png has changed since the run was planned"):
        source(folder).load(before, IN_MEMORY, 0)


def link(folder: Path) -> str:
    (folder / "skin" / "photos" / "link.png").symlink_to(folder / "outside.png")
    Image.fromarray(pixels(0)).save(folder / "outside.png")
    return "photos/link.png"


def broken(folder: Path) -> str:
    (folder / "skin" / "photos" / "broken.png").write_text("no image")
    return "photos/broken.png"


def large(folder: Path) -> str:
    """A file whose header says 20,000 × 20,000 pixels."""
    data = bytearray((folder / "skin/photos/0.png").read_bytes())
    data[16:24] = (20_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    (folder / "skin/photos/large.png").write_bytes(data)
    return "photos/large.png"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (lambda _: "photos/none.png", "no such file"),
        (lambda _: "", "no path"),
        (lambda _: "../outside.png", "leaves skin"),
        (lambda _: "/etc/hostname", "leaves skin"),
        (lambda _: "photos", "no such file"),
        (link, "leaves skin"),
        (broken, "broken.png is not an image"),
        (large, "more than 89,478,485 pixels"),
    ],
    ids=["missing", "empty", "above", "absolute", "folder", "link", "broken", "bomb"],
)
def test_a_path_that_is_no_image_of_the_tables_folder_names_its_row(
    folder: Path, path: Callable[[Path], str], says: str
) -> None:
    renamed(folder, 9, path(folder))
    error = refused(folder)
    assert str(error).startswith("skin.csv: row 9, column 'photo': ")
    assert says in str(error)


def test_a_file_that_was_cut_is_told_with_its_row_when_it_is_decoded(folder: Path) -> None:
    whole = (folder / "skin/photos/3.png").read_bytes()
    (folder / "skin/photos/3.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"skin.csv: row 4, column 'photo': 3\.png cannot be decoded") as caught:
        loaded(folder, IN_MEMORY)
    assert caught.value.help == ("fix it, or remove the row",)
    assert caught.value.path == ("data", "columns", "photo")


def test_rows_without_a_photo_are_dropped_where_the_recipe_says_so(folder: Path) -> None:
    renamed(folder, 9, "")
    found = facts(folder, {"type": "image", "missing": "drop"})
    assert found.train + found.validation + found.test == ROWS - 1


def test_photos_of_several_sizes_ask_for_one(folder: Path) -> None:
    Image.fromarray(pixels(0)[:4]).save(folder / "skin/photos/9.png")
    error = refused(folder)
    assert "different sizes: 0.png has 5 × 4, 9.png has 4 × 4" in str(error)
    assert error.help == ("write `size: [height, width]` for the column, and `fit: crop`, `pad` or `stretch`",)
    assert facts(folder, {"size": [6, 6]}).images[0].shape == (6, 6, 3)
