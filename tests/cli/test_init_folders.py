"""`recipe init` for folders, datasets of Hugging Face and time series: the recipe validates, and plans on the data."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from pyarrow import parquet
from typer.testing import CliRunner

from runner.cli import app
from runner.data.access import DataAccess
from runner.plan.plan import Plan
from runner.source.load import load
from runner.workflows.prepare import prepare
from tests.data.test_held_images import hub, rows, save_to_disk


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*arguments: str, status: int = 0) -> tuple[str, str]:
    done = CliRunner().invoke(app, ["init", *arguments, "--output", "-"])
    assert done.exit_code == status, (done.stdout, done.stderr, done.exception)
    if status == 0:
        again = CliRunner().invoke(app, ["init", *arguments, "--output", "-"])
        assert again.stdout == done.stdout
    return done.stdout, done.stderr


def planned(folder: Path, text: str) -> Plan:
    (folder / "made.yaml").write_text(text)
    loaded = load(folder / "made.yaml")
    assert loaded.recipe is not None, loaded.diagnostics
    assert not loaded.diagnostics
    return prepare(loaded.recipe, DataAccess().beside(folder / "made.yaml"), print)


def pictures(folder: Path, *sizes: tuple[int, int]) -> None:
    for n in range(60):
        path = folder / "pets" / ("cat" if n % 3 else "dog") / f"{n}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((*sizes[n % len(sizes)], 3), n, np.uint8)).save(path)


def test_a_folder_of_images(folder: Path) -> None:
    pictures(folder, (20, 30), (40, 30))
    text, _ = init("pets")
    assert "  source: images\n  folder: pets\n  size: [64, 64]  # of 2 sizes" in text
    assert "right for 66.7 % of the rows" in text
    plan = planned(folder, text)
    assert (plan.data.shape, plan.data.class_names) == ((64, 64, 3), ("cat", "dog"))
    pictures(folder, (20, 30))
    assert planned(folder, init("pets")[0]).data.shape == (20, 30, 3)
    assert "leave out --target" in init("pets", "--target", "x", status=2)[1]


def test_a_folder_of_texts_with_parts_of_its_own(folder: Path) -> None:
    for n in range(60):
        path = folder / "notes" / ("test" if n % 4 == 0 else "train") / "ab"[n % 2 and n % 3 > 0] / f"{n}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("word " * (n % 20) + f"end {n}", encoding="utf-8")
    text, _ = init("notes")
    assert "  # train, test: as their folders or files say\n  splits: {validation: 20%}\n" in text
    plan = planned(folder, text)
    assert (plan.data.source, plan.data.test, plan.data.shape) == ("text", 15, (24,))


@pytest.mark.parametrize(("write", "pattern"), [(save_to_disk, "**/data-*.arrow"), (hub, "**/*.parquet")])
def test_a_dataset_of_images_of_hugging_face(folder: Path, write: object, pattern: str) -> None:
    write(folder / "ds")  # type: ignore[operator]
    text, said = init("ds")
    assert f"ds/{pattern}" in text
    assert "note" not in said
    plan = planned(folder, text)
    assert (plan.data.train, plan.data.validation, plan.data.test) == (30, 8, 12)
    assert plan.data.class_names == ("ant", "zebra")


def test_images_beside_texts_are_seen_and_the_choice_is_said(folder: Path) -> None:
    for place, more in (("ds", {}), ("two", {"mask": rows("train")["image"]})):
        (folder / place).mkdir()
        held = rows("train")
        for name, column in {"caption": pa.array([f"photo {n}" for n in range(30)]), **more}.items():
            held = held.append_column(name, column)
        parquet.write_table(held, folder / place / "data.parquet")
    text, said = init("ds")
    assert "  column: image\n" in text
    wanted = "note: ds has images ('image') and texts ('caption'): the images are seen; in a recipe `source: parquet`"
    assert wanted in said
    checked = CliRunner().invoke(app, ["data", "check", "ds"])
    assert (checked.exit_code, wanted in checked.stderr) == (0, True)
    assert "several columns of images: 'image', 'mask'" in init("two", status=2)[1]


def test_a_dataset_of_columns_of_hugging_face(folder: Path) -> None:
    (folder / "ds").mkdir()
    names = {"names": ["no", "yes"], "_type": "ClassLabel"}
    said = {"huggingface": json.dumps({"info": {"features": {"label": names}}})}
    for part, n in (("train", 80), ("test", 40)):
        table = pa.table({"x": np.arange(n) / 7, "id": np.arange(n), "label": pa.array(np.arange(n) % 2)})
        parquet.write_table(table.replace_schema_metadata(said), folder / "ds" / f"{part}-00000-of-00001.parquet")
    text, _ = init("ds")
    assert "ds/**/*.parquet" in text
    assert "  splits: {by: file}" in text
    plan = planned(folder, text)
    assert (plan.data.train, plan.data.test, plan.data.class_names) == (80, 40, ("no", "yes"))


def series(folder: Path, *, left_out: int | None = None, step: str = "h") -> None:
    start = np.datetime64("2026-01-01T00:00")
    rows = ["when,load,wind,number,town"]
    for n in range(400):
        wind = "" if n == 7 else f"{n * 37 % 50}"
        if n != left_out:
            rows.append(f"{start + np.timedelta64(n, step)},{np.sin(n / 4):.3f},{wind},{n},{'ab'[n % 2]}")
    (folder / "load.csv").write_text("\n".join(rows) + "\n")


def test_a_table_whose_rows_follow_one_another_in_time_becomes_windows(folder: Path) -> None:
    series(folder)
    text, said = init("load.csv", "--target", "load")
    assert "  source: windows\n  files: load.csv\n  target: load\n  time: when" in text
    assert "  inputs: [load, wind]\n" in text  # a number that is another in every row is no input
    assert "    wind: {missing: mean}  # 1 missing" in text
    assert "gaps" not in text
    assert "note:" not in said
    plan = planned(folder, text)
    assert (plan.data.source, plan.data.shape) == ("windows", (10, 2))
    series(folder, left_out=200)
    text, _ = init("load.csv", "--target", "load")
    assert "  gaps: split" in text
    planned(folder, text)


def test_a_table_that_is_no_series_stays_a_table_and_times_are_noted(folder: Path) -> None:
    series(folder)
    lines = (folder / "load.csv").read_text().splitlines()
    (folder / "load.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    text, said = init("load.csv", "--target", "load")
    assert "  source: csv\n" in text
    assert "note: To predict the future, divide by time" in said
    assert "source: csv" in init("load.csv", "--target", "town")[0]


def test_what_is_missing_or_cannot_be_read_is_said(folder: Path) -> None:
    series(folder)
    assert "--target COLUMN" in init("load.csv", status=2)[1]
    (folder / "x.tfrecord").write_bytes(b"")
    assert "recipe cp from_tfrecord" in init("x.tfrecord", status=2)[1]
    (folder / "empty").mkdir()
    assert "holds no images" in init("empty", status=2)[1]
