"""Images beside other columns of a table: predictions, evaluations and exports from the files that rows name."""

import csv
import io
import shutil
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from runner.api import predict
from runner.errors import InputError
from tests.inference.test_export import exported, needs_extra
from tests.inference.trained import Trained, evaluated, program, rows


def moved(run: Trained, target: Path, lines: list[str], *photos: int) -> Path:
    """A table of a person's own elsewhere, beside some of the photos."""
    (target / "photos").mkdir()
    for n in photos:
        shutil.copy(run.folder.parent / "photos" / f"{n}.png", target / "photos" / f"{n}.png")
    file = target / "new.csv"
    file.write_text("\n".join(["sex,photo,age", *lines]) + "\n")
    return file


def seen(run: Trained, n: int) -> np.ndarray:
    """A photo as the model takes it: by what Keras itself makes of the file's pixels."""
    pixels = np.asarray(Image.open(run.folder.parent / "photos" / f"{n}.png"), np.float32)
    fitted = keras.ops.image.resize(pixels, (6, 6), antialias=True, crop_to_aspect_ratio=True)
    return np.round(np.asarray(fitted))


def test_the_run_has_learnt_from_photo_and_sex_together(moles: Trained) -> None:
    """Neither of them alone says more than a coin."""
    assert moles.result["metrics"]["test_accuracy"] > 0.9


def test_rows_of_a_file_give_what_plain_keras_gives_of_their_pixels(moles: Trained, tmp_path: Path) -> None:
    file = moved(moles, tmp_path, ["m,photos/5.png,40.5", "f,photos/8.png,", "x,photos/3.png,61"], 3, 5, 8)
    found = rows(program("predict", moles.folder, file, "--top-k", 2).stdout)
    given: dict[str, Any] = {
        "photo": np.stack([seen(moles, n) for n in (5, 8, 3)]),
        "age": np.array([[40.5], [np.nan], [61]], np.float32),
        "sex": tf.constant([["m"], ["f"], ["x"]]),
    }
    wanted = moles.model.predict(given, verbose=0)
    names = [row["class"] for row in found]
    assert names == [("a", "b")[k] for k in wanted.argmax(axis=1)]
    np.testing.assert_allclose([float(row["probability"]) for row in found], wanted.max(axis=1), rtol=1e-5)


def test_a_row_without_a_photo_has_no_prediction_where_training_drops_such_rows(moles: Trained, tmp_path: Path) -> None:
    file = moved(moles, tmp_path, ["m,photos/5.png,40", "f,,50"], 5)
    done = program("predict", moles.folder, file)
    assert [bool(row["class"]) for row in rows(done.stdout)] == [True, False]
    assert "they lack photo" in done.stderr


@pytest.mark.parametrize(
    ("path", "says"),
    [("photos/7.png", "no such file"), ("../moles.csv", "leaves "), ("new.csv", "new.csv is not an image")],
)
def test_a_photo_that_cannot_be_used_names_its_row(moles: Trained, tmp_path: Path, path: str, says: str) -> None:
    file = moved(moles, tmp_path, ["m,photos/5.png,40", f"f,{path},50"], 5)
    done = program("predict", moles.folder, file, status=2)
    assert "new.csv: row 2, column 'photo': " in done.stderr
    assert says in done.stderr


def test_a_file_of_all_rows_is_evaluated_as_its_parts_are(moles: Trained) -> None:
    parts = [evaluated(moles.folder, "--split", part) for part in ("train", "validation", "test")]
    whole = evaluated(moles.folder, "--data", moles.folder.parent / "moles.csv")
    assert whole["examples"] == sum(part["examples"] for part in parts) == 150
    mean = sum(part["metrics"]["loss"] * part["examples"] for part in parts) / 150
    assert whole["metrics"]["loss"] == pytest.approx(mean, rel=1e-4)


def test_a_program_gives_pixels(moles: Trained) -> None:
    table = list(csv.DictReader(io.StringIO((moles.folder.parent / "moles.csv").read_text())))[1]
    row = {"photo": seen(moles, 1), "age": float(table["age"]), "sex": table["sex"]}
    (found,) = predict(moles.folder, [row])
    assert found["class"] == table["kind"]
    with pytest.raises(InputError, match="takes the pixels of an image"):
        list(predict(moles.folder, [{**row, "photo": "photos/1.png"}]))


@pytest.mark.slow
@needs_extra
@pytest.mark.parametrize("to", ["onnx", "savedmodel"])
def test_an_export_decides_as_keras_does(moles: Trained, tmp_path: Path, to: str) -> None:
    check = exported(moles, tmp_path / "out", "--check", to=to)["check"]
    assert (check["flips"], check["problems"]) == (0, [])
    assert check["largest_difference"] < 1e-5
    assert check["score"] == pytest.approx(moles.result["metrics"]["test_accuracy"])
