"""``recipe predict``: what it makes of arrays, images and rows, and of what is none."""

import io
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image, ImageOps
from pyarrow import parquet

from tests.inference.trained import Trained, program, rows

ROW = b"5.1,3.5,1.4,0.2\n"


@pytest.fixture
def pixels(digits: Trained) -> Any:
    """Five images as they are stored, shape (5, 8, 8, 1), uint8 from 0 to 16."""
    return digits.split("test").x[:5]


def picture(path: Path, pixels: Any, **options: Any) -> Path:
    Image.fromarray(np.asarray(pixels, np.uint8).squeeze()).save(path, **options)
    return path


def test_an_array_gives_class_and_probability_of_every_example(digits: Trained, pixels: Any, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", pixels)
    found = rows(program("predict", digits.folder, tmp_path / "x.npy").stdout)
    outputs = digits.outputs(pixels)
    assert [row["id"] for row in found] == ["0", "1", "2", "3", "4"]
    assert [row["class"] for row in found] == [str(c) for c in outputs.argmax(axis=1)]
    assert [float(row["probability"]) for row in found] == pytest.approx(outputs.max(axis=1), abs=1e-6)


def test_images_without_channel_and_a_single_one_are_taken(digits: Trained, pixels: Any, tmp_path: Path) -> None:
    np.save(tmp_path / "many.npy", pixels[..., 0])
    np.savez(tmp_path / "one.npz", x=pixels[0], other=1)
    found = rows(program("predict", digits.folder, tmp_path / "many.npy", tmp_path / "one.npz").stdout)
    assert [row["id"].rpartition("/")[2] for row in found] == [*(f"many.npy:{i}" for i in range(5)), "one.npz:0"]
    assert float(found[5]["probability"]) == pytest.approx(float(found[0]["probability"]), abs=1e-6)


def test_more_examples_than_a_batch_come_out_in_order(digits: Trained, tmp_path: Path) -> None:
    x = digits.split("train").x[:600]
    np.save(tmp_path / "x.npy", x)
    found = rows(program("predict", digits.folder, tmp_path / "x.npy").stdout)
    assert [row["class"] for row in found] == [str(c) for c in digits.outputs(x).argmax(axis=1)]


@pytest.mark.parametrize("form", ["grey", "colours", "palette", "alpha"])
def test_an_image_file_gives_what_its_pixels_give(digits: Trained, pixels: Any, tmp_path: Path, form: str) -> None:
    image = Image.fromarray(pixels[2].squeeze())
    converted = {"grey": image, "colours": image.convert("RGB"), "palette": image.convert("P"),
                 "alpha": image.convert("RGBA")}[form]  # fmt: skip
    converted.save(tmp_path / "two.png")
    (row,) = rows(program("predict", digits.folder, tmp_path / "two.png").stdout)
    assert row["id"] == str(tmp_path / "two.png")
    assert float(row["probability"]) == pytest.approx(digits.outputs(pixels)[2].max(), abs=1e-6)


def test_a_folder_gives_its_images_by_name(digits: Trained, pixels: Any, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, number in (("b.png", 1), ("a.png", 0), ("in/c.bmp", 2)):
        picture(tmp_path / name, pixels[number])
    (tmp_path / "notes.txt").write_text("none")
    (tmp_path / ".hidden.png").write_text("none")
    done = program("predict", digits.folder, tmp_path)
    assert [Path(row["id"]).name for row in rows(done.stdout)] == ["a.png", "b.png", "c.bmp"]
    assert "passed over 1 file of other kinds" in done.stderr


def truncated(path: Path, pixels: Any) -> None:
    picture(path, np.random.default_rng(0).integers(0, 255, (8, 8)))
    path.write_bytes(path.read_bytes()[:60])


UNUSABLE = {
    "wrong size": (lambda path, x: picture(path, np.zeros((9, 8))), "has 8 × 9 pixels; the model takes 8 × 8"),
    "colours": (lambda path, x: picture(path, np.arange(192).reshape(8, 8, 3)), "has colours; the model takes grey"),
    "no image": (lambda path, x: path.write_text("hello"), "is not an image"),
    "empty": (lambda path, x: path.write_bytes(b""), "is not an image"),
    "truncated": (truncated, "cannot be decoded"),
    "sixteen bits": (
        lambda path, x: Image.fromarray(np.zeros((8, 8), np.uint16)).save(path),
        "8 bits a channel",
    ),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_image_is_named(digits: Trained, pixels: Any, tmp_path: Path, case: str) -> None:
    make, wanted = UNUSABLE[case]
    make(tmp_path / "bad.png", pixels)
    done = program("predict", digits.folder, tmp_path / "bad.png", status=2)
    assert f"{tmp_path / 'bad.png'} " in done.stderr
    assert wanted in done.stderr
    assert done.stdout == ""


def test_transparent_pixels_are_refused(digits: Trained, tmp_path: Path) -> None:
    Image.fromarray(np.zeros((8, 8, 4), np.uint8)).save(tmp_path / "bad.png")
    assert "is transparent in places" in program("predict", digits.folder, tmp_path / "bad.png", status=2).stderr


@pytest.mark.parametrize(
    ("name", "array", "wanted"),
    [
        ("shape.npy", np.zeros((3, 7)), "received the shape (3, 7)"),
        ("text.npy", np.array(["a"]), "the values must be numbers"),
        ("large.npy", np.full((2, 8, 8, 1), 1e39), "example 0 has a value that is not a finite number"),
        ("nan.npy", np.full((2, 8, 8, 1), np.nan), "example 0 has a value that is not a finite number"),
        ("none.npy", np.zeros((0, 8, 8, 1)), "there is no example in the inputs"),
    ],
)
def test_an_unusable_array_is_refused(digits: Trained, tmp_path: Path, name: str, array: Any, wanted: str) -> None:
    np.save(tmp_path / name, array)
    assert wanted in program("predict", digits.folder, tmp_path / name, status=2).stderr


def test_python_objects_are_not_unpickled(digits: Trained, tmp_path: Path) -> None:
    np.save(tmp_path / "bad.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    np.savez(tmp_path / "bad.npz", x=np.array([{"a": 1}], dtype=object))
    for name in ("bad.npy", "bad.npz"):
        done = program("predict", digits.folder, tmp_path / name, status=2)
        assert "bad.np" in done.stderr
        assert "bject" in done.stderr


def test_it_must_be_known_which_array_of_an_archive_is_meant(digits: Trained, tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", a=1, b=2)
    done = program("predict", digits.folder, tmp_path / "x.npz", status=2)
    assert "one that is called 'x'; it holds a, b" in done.stderr


@pytest.mark.parametrize(("name", "wanted"), [("a.csv", "has rows of numbers"), ("a.pdf", "inputs end in .npy")])
def test_an_input_of_another_kind_is_refused(digits: Trained, tmp_path: Path, name: str, wanted: str) -> None:
    (tmp_path / name).write_bytes(ROW)
    assert wanted in program("predict", digits.folder, tmp_path / name, status=2).stderr


def test_what_is_missing_is_named(digits: Trained, tmp_path: Path) -> None:
    assert "none.npy is missing" in program("predict", digits.folder, tmp_path / "none.npy", status=2).stderr
    assert "holds no image" in program("predict", digits.folder, tmp_path, status=2).stderr


def test_inputs_of_another_range_than_in_training_are_remarked_on(digits: Trained, tmp_path: Path) -> None:
    picture(tmp_path / "a.png", np.full((8, 8), 255))
    assert "the largest input is 255" in program("predict", digits.folder, tmp_path / "a.png").stderr
    np.save(tmp_path / "a.npy", np.full((1, 8, 8, 1), 1 / 255))
    assert "as they are stored in its data" in program("predict", digits.folder, tmp_path / "a.npy").stderr


def test_rows_come_from_files_and_stdin_with_and_without_a_heading(iris: Trained, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"a,b,c,d\r\n" + ROW + b"\n" + ROW)
    from_file = rows(program("predict", iris.folder, tmp_path / "x.csv").stdout)
    from_stdin = rows(program("predict", iris.folder, "-", stdin=ROW + ROW).stdout)
    assert from_file == from_stdin
    assert [(row["id"], row["class"]) for row in from_file] == [("0", "setosa"), ("1", "setosa")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (b"1,2,3\n", "line 1: a row must have 4 cells, one for each value; received 3"),
        (b"1;2;3;4\n", "cells are separated by commas, and not by ';'"),
        (b"a,b,c,d\n1,2,3,x\n", "line 2, column 4: must be a finite number; received 'x'"),
        (b"1,2,3,nan\n", "line 1, column 4: must be a finite number; received 'nan'"),
        (b"1,2,3,1e39\n", "column 4: must be a finite number; received '1e39'"),
        (b"1,2,3,1_0\n", "received '1_0'"),
        (b"a;b;c;d\n1;2;3;4\n", "cells are separated by commas, and not by ';'"),
        (b"", "there is no example"),
        (b"\xff\xfe1,2", "is not text in UTF-8"),
        (b"\x89PNG\r\n\x1a\n", "stdin is an image; the model takes rows of 4 numbers"),
    ],
)
def test_unusable_rows_are_refused_with_line_and_column(iris: Trained, text: bytes, wanted: str) -> None:
    assert wanted in program("predict", iris.folder, "-", stdin=text, status=2).stderr


def test_stdin_may_be_an_array_or_an_image(digits: Trained, pixels: Any, tmp_path: Path) -> None:
    held = io.BytesIO()
    np.save(held, pixels)
    assert len(rows(program("predict", digits.folder, "-", stdin=held.getvalue()).stdout)) == 5
    image = picture(tmp_path / "a.png", pixels[0]).read_bytes()
    (row,) = rows(program("predict", digits.folder, "-", stdin=image).stdout)
    assert row["id"] == "stdin"
    assert "can be read once" in program("predict", digits.folder, "-", "-", stdin=image, status=2).stderr


def test_the_most_probable_classes_have_columns(iris: Trained) -> None:
    (row,) = rows(program("predict", iris.folder, "-", "--top-k", "3", stdin=ROW).stdout)
    assert list(row) == [
        "id",
        "class",
        "probability",
        *(f"{n}_{k}" for k in (1, 2, 3) for n in ("class", "probability")),
    ]
    assert (row["class_1"], row["probability_1"]) == (row["class"], row["probability"])
    values = [float(row[f"probability_{k}"]) for k in (1, 2, 3)]
    assert values == sorted(values, reverse=True)
    assert sum(values) == pytest.approx(1, abs=1e-5)
    assert "at most the number of classes, 3" in program(
        "predict", iris.folder, "-", "--top-k", "4", stdin=ROW, status=2
    ).stderr  # fmt: skip


def test_a_threshold_moves_the_cut_of_a_single_output(cancer: Trained, tmp_path: Path) -> None:
    x = cancer.split("test").x
    np.save(tmp_path / "x.npy", x)
    p = cancer.outputs(x)[:, 0]
    for threshold in (0.2, 0.9):
        found = rows(program("predict", cancer.folder, tmp_path / "x.npy", "--threshold", threshold).stdout)
        above = p > threshold
        assert [row["class"] for row in found] == ["benign" if one else "malignant" for one in above]
        assert [float(row["probability"]) for row in found] == pytest.approx(np.where(above, p, 1 - p), abs=1e-6)


def test_below_a_threshold_no_class_of_several_is_given(iris: Trained) -> None:
    (row,) = rows(program("predict", iris.folder, "-", "--threshold", "1", stdin=b"6,3,4.9,1.7\n").stdout)
    assert row["class"] == ""
    assert 0 < float(row["probability"]) < 1
    done = program("predict", iris.folder, "-", "--threshold", "1.5", stdin=ROW, status=2)
    assert "must be from 0 to 1; received 1.5" in done.stderr


def test_a_regression_gives_values_and_has_no_classes(diabetes: Trained, tmp_path: Path) -> None:
    x = diabetes.split("test").x[:4]
    np.save(tmp_path / "x.npy", x)
    found = rows(program("predict", diabetes.folder, tmp_path / "x.npy").stdout)
    assert [float(row["value"]) for row in found] == pytest.approx(diabetes.outputs(x)[:, 0], rel=1e-5)
    for option in ("--top-k", "--threshold"):
        done = program("predict", diabetes.folder, tmp_path / "x.npy", option, "1", status=2)
        assert f"{option} is for classes" in done.stderr


def test_samples_with_dropout_spread_and_are_the_same_each_time(digits: Trained, pixels: Any, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", pixels)
    plain = rows(program("predict", digits.folder, tmp_path / "x.npy").stdout)
    first, second = (
        rows(program("predict", digits.folder, tmp_path / "x.npy", "--mc-samples", "30").stdout) for _ in range(2)
    )
    assert first == second
    assert all(float(row["std"]) > 1e-4 for row in first)
    assert [{key: row[key] for key in plain[0]} for row in first] == plain  # batch normalisation is as it was
    assert all(abs(float(row["mean"]) - float(row["probability"])) < 0.35 for row in first)


def test_samples_of_a_model_without_dropout_are_refused(iris: Trained) -> None:
    assert "the model has no dropout" in program(
        "predict", iris.folder, "-", "--mc-samples", "3", stdin=ROW, status=2
    ).stderr  # fmt: skip


def test_a_name_that_a_spreadsheet_would_calculate_is_prefixed(
    digits: Trained, pixels: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture(tmp_path / "=1+1.png", pixels[0])
    monkeypatch.chdir(tmp_path)
    (row,) = rows(program("predict", digits.folder, "=1+1.png").stdout)
    assert row["id"] == "'=1+1.png"
    (entry,) = json.loads(program("predict", digits.folder, "=1+1.png", "--format", "json").stdout)
    assert entry["id"] == "=1+1.png"


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_a_file_holds_what_stdout_would(iris: Trained, tmp_path: Path, form: str) -> None:
    output = tmp_path / f"out.{form}"
    assert program("predict", iris.folder, "-", "--output", output, stdin=ROW + ROW).stdout == ""
    found = {
        "csv": lambda: rows(output.read_text()),
        "json": lambda: json.loads(output.read_text()),
        "parquet": lambda: parquet.read_table(output).to_pylist(),
    }[form]()
    (one, two) = rows(program("predict", iris.folder, "-", stdin=ROW + ROW).stdout)
    assert [row["id"] for row in found] == ["0", "1"]
    assert [row["class"] for row in found] == [one["class"], two["class"]]
    assert [float(row["probability"]) for row in found] == pytest.approx([float(one["probability"])] * 2)
    assert list(tmp_path.iterdir()) == [output]


def test_a_file_that_is_there_is_replaced_only_with_force(iris: Trained, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    output.write_text("mine")
    done = program("predict", iris.folder, "-", "--output", output, stdin=ROW, status=2)
    assert "already exists" in done.stderr
    assert output.read_text() == "mine"
    program("predict", iris.folder, "-", "--output", output, "--force", stdin=ROW)
    assert len(rows(output.read_text())) == 1


def test_an_error_leaves_the_file_as_it_was(iris: Trained, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    output.write_text("mine")
    text = ROW * 300 + b"1,2,x,4\n"
    done = program("predict", iris.folder, "-", "--output", output, "--force", stdin=text, status=2)
    assert "line 301, column 3" in done.stderr
    assert output.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [output]


def test_an_ending_of_another_form_is_refused(iris: Trained, tmp_path: Path) -> None:
    """A spreadsheet would not open a CSV file that is called out.xlsx."""
    output = tmp_path / "out.xlsx"
    done = program("predict", iris.folder, "-", "--output", output, stdin=ROW, status=2)
    assert ".xlsx is none of the forms csv, json, parquet" in done.stderr
    assert not output.exists()
    program("predict", iris.folder, "-", "--output", output, "--format", "csv", stdin=ROW)
    assert len(rows(output.read_text())) == 1


def test_parquet_needs_a_file(iris: Trained) -> None:
    done = program("predict", iris.folder, "-", "--format", "parquet", stdin=ROW, status=2)
    assert "--output FILE.parquet" in done.stderr


def test_prediction_needs_no_data(iris: Trained, tmp_path: Path) -> None:
    copy = iris.copied(tmp_path)
    text = (copy / "resolved.yaml").read_text()
    (copy / "resolved.yaml").write_text(
        text.replace("source: builtin", "source: tfds").replace("name: iris", "name: no")
    )
    lock = json.loads((copy / "lock.json").read_text()) | {"data": "tfds no 1.0.0"}
    (copy / "lock.json").write_text(json.dumps(lock))
    (row,) = rows(program("predict", copy, "-", "--data-dir", tmp_path, stdin=ROW).stdout)
    assert row["class"] == "0"
    folder = tmp_path / "no" / "1.0.0"
    folder.mkdir(parents=True)
    (folder / "label.labels.txt").write_text("iris-a\niris-b\niris-c\n")
    (row,) = rows(program("predict", copy, "-", "--data-dir", tmp_path, stdin=ROW).stdout)
    assert row["class"] == "iris-a"


def test_image_files_are_turned_and_resized_as_in_training(snapshots: Trained) -> None:
    files = sorted((snapshots.folder.parent / "snapshots").rglob("*.png"))
    resize = keras.layers.Resizing(6, 8, antialias=True, crop_to_aspect_ratio=True)
    upright = [np.asarray(ImageOps.exif_transpose(Image.open(file)), np.float32) for file in files]
    wanted = snapshots.outputs(np.stack([np.round(resize(pixels)) for pixels in upright])).max(axis=1)
    found = rows(program("predict", snapshots.folder, snapshots.folder.parent / "snapshots").stdout)
    assert [row["id"] for row in found] == list(map(str, files))
    assert [float(row["probability"]) for row in found] == pytest.approx(wanted, abs=1e-5)
