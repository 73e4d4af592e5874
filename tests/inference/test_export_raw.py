"""``recipe export`` of tables and texts: the same decisions from raw rows, without Keras and without this package."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.data.text.encoding import fit_encoding
from runner.data.text.standard import words_of
from runner.inference import preprocess, standalone
from runner.inference.preprocess import Preprocess
from schemas.array_data import TextData
from tests.inference.test_export import exported, needs_extra
from tests.inference.trained import RECIPES, Trained, program

pytestmark = pytest.mark.slow

RUNTIMES = {"onnx": "onnxruntime", "litert": "ai_edge_litert", "openvino": "openvino", "savedmodel": "tensorflow"}


@pytest.fixture(scope="module")
def onnx(flats: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the table's model; to be copied before something happens to it."""
    folder = tmp_path_factory.mktemp("onnx") / "flats"
    exported(flats, folder)
    return folder


@needs_extra
@pytest.mark.parametrize(
    ("name", "to"),
    [("flats", "litert"), ("flats", "savedmodel"), ("reviews", "onnx"), ("visits", "onnx"), ("reviews", "openvino")],
)
def test_no_decision_flips_from_raw_rows(name: str, to: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    run: Trained = request.getfixturevalue(name)
    check = exported(run, tmp_path / "out", "--check", to=to)["check"]
    assert (check["flips"], check["problems"], check["imported"]) == (0, [], [RUNTIMES[to]])
    assert check["largest_difference"] < 1e-5
    assert check["score"] == pytest.approx(run.result["metrics"]["test_accuracy"])


@pytest.mark.parametrize(
    ("name", "to"), [("flats", "keras"), ("reviews", "keras"), ("reviews", "savedmodel"), ("visits", "savedmodel")]
)
def test_golden_rows_go_into_models_that_take_strings(
    name: str, to: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    exported(request.getfixturevalue(name), tmp_path / "out", to=to)
    report = standalone.check(tmp_path / "out", None, benched=True)
    assert (report["golden"]["flips"], report["problems"]) == (0, [])
    assert report["bench"]["examples_per_second"] > 0


@needs_extra
def test_the_folder_holds_what_turns_raw_rows_into_inputs(flats: Trained, onnx: Path) -> None:
    names = ["check.py", "golden.jsonl", "golden.npz", "model.onnx", "preprocess.json", "preprocess.py"]
    assert sorted(path.name for path in onnx.iterdir()) == names
    metadata = json.loads((onnx / "preprocess.json").read_text())
    assert [column["name"] for column in metadata["raw"]["columns"]] == ["rent", "living space/m2", "town", "year"]
    assert metadata["input"]["shape"] == [None, 4]
    rows = [json.loads(line) for line in (onnx / "golden.jsonl").read_text().splitlines()]
    assert any(row["rent"] is None for row in rows)
    assert any(row["town"] is None for row in rows)
    done = subprocess.run([sys.executable, "-I", onnx / "check.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["imported"] == ["onnxruntime"]


def input_of(folder: Path, cells: str, target: Path) -> subprocess.CompletedProcess[str]:
    target.write_text(f"rent,living space/m2,town,year\n{cells}\n")
    command = [sys.executable, "-I", folder / "preprocess.py", target, target.with_suffix(".npy")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@needs_extra
def test_rows_of_a_file_give_the_program_s_decisions(flats: Trained, onnx: Path, tmp_path: Path) -> None:
    import onnxruntime

    with (flats.folder.parent / "flats.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["year"]]
    with (tmp_path / "rows.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    preprocessed = Preprocess.open(onnx / "preprocess.json")
    inputs = preprocessed(rows)
    assert preprocessed([{"rent": np.float32(2), "living space/m2": 1, "town": None, "year": np.int64(7)}])[0, 0] == 2
    outputs = onnxruntime.InferenceSession(onnx / "model.onnx").run(None, {"input": inputs})[0]
    said = list(csv.DictReader(program("predict", flats.folder, tmp_path / "rows.csv").stdout.splitlines()))
    assert [["flat", "house", "villa"][c] for c in outputs.argmax(axis=1)] == [row["class"] for row in said]
    assert outputs.max(axis=1) == pytest.approx([float(row["probability"]) for row in said], abs=1e-6)


@needs_extra
def test_the_command_line_makes_an_array_or_names_the_row(onnx: Path, tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    assert input_of(onnx, "900,70.5, NA ,1990\n,1,Nowhere,2000", target).returncode == 0
    array = np.load(target.with_suffix(".npy"))
    assert array.dtype == np.float32
    target.write_text("rent;living space/m2;town;year\n900;70.5; NA ;1990\n;1;Nowhere;2000\n")
    command = [sys.executable, "-I", onnx / "preprocess.py", target, tmp_path / "semicolons.npy"]
    subprocess.run(command, check=True)
    assert np.array_equal(np.load(tmp_path / "semicolons.npy"), array, equal_nan=True)
    (town,) = [c for c in json.loads((onnx / "preprocess.json").read_text())["raw"]["columns"] if c["name"] == "town"]
    np.testing.assert_array_equal(array, np.array([[900, 70.5, town["missing_place"], 1990], [np.nan, 1, 0, 2000]]))
    for cells, wanted in (
        ("many,1,Oslo,1990", "row 1: column 'rent': 'many' is not a number"),
        ('"900,5",1,Oslo,1990', "row 1: column 'rent': '900,5' is not a number; the decimal mark is a point: 900.5"),
        ("1,1,Oslo,1990\n1,1,Oslo,", "row 2: has no 'year', and training dropped such rows"),
        ("1e39,1,Oslo,1990", "row 1: column 'rent': 1e+39 is beyond the range of float32"),
    ):
        done = input_of(onnx, cells, target)
        assert (done.returncode, done.stderr.strip()) == (1, wanted)


@needs_extra
def test_words_that_changed_places_and_changed_code_are_caught(flats: Trained, onnx: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(onnx, tmp_path / "copy"))
    metadata = json.loads((copy / "preprocess.json").read_text())
    (column,) = [column for column in metadata["raw"]["columns"] if column["name"] == "town"]
    column["words"].reverse()
    (copy / "preprocess.json").write_text(json.dumps(metadata))
    (copy / "preprocess.py").write_text("raise SystemExit(0)")
    problems = exported(flats, copy, "--check", status=1)["check"]["problems"]
    assert "preprocess.py is not the file that was exported" in problems
    assert any("preprocess.py makes of it another input" in problem for problem in problems)


def test_a_keras_file_of_a_model_that_trained_on_logits_gives_probabilities(tmp_path: Path) -> None:
    recipe = RECIPES["breast_cancer"].replace("output: {units: 1}", "output: {units: 1, logits: true}")
    (tmp_path / "recipe.yaml").write_text(recipe)
    program("run", tmp_path / "recipe.yaml", "--run-dir", tmp_path / "run", "--progress", "none")
    program("export", tmp_path / "run", "--to", "keras", "--output", tmp_path / "out")
    report = standalone.check(tmp_path / "out", None, benched=False)
    assert (report["golden"]["flips"], report["problems"]) == (0, [])
    assert report["golden"]["largest_difference"] < 1e-5


TEXTS = ["Good, good FILM!", "", "  a\tb\x1c c\x0b", "ÄÖ ä naïve 'quoted' \u00a0x", "good a a b", "none of these words"]


@pytest.mark.parametrize("ngrams", [1, 2])
@pytest.mark.parametrize("output", ["int", "multi_hot", "tf_idf"])
def test_texts_become_what_they_were_in_training(output: str, ngrams: int) -> None:
    keys = {"source": "text", "file": "x.csv", "output": output, "ngrams": ngrams}
    encoding = fit_encoding(TEXTS[:5], TextData.model_validate(keys))
    raw: dict[str, Any] = {"kind": "texts", "takes": "numbers", "column": "text", "output": output}
    raw |= {"length": encoding.length, "words": encoding.words, "weights": encoding.weights}
    raw["ngrams"] = ngrams
    metadata = json.loads(json.dumps({"raw": raw}))
    found = Preprocess(metadata)([*TEXTS[:3], *({"text": text} for text in TEXTS[3:])])
    np.testing.assert_array_equal(found, encoding.encoded(TEXTS).astype(np.float32))
    for text in TEXTS:
        assert preprocess.words_of(text) == words_of(text)
