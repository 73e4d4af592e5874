"""A run on windows over a sine with a trend: as good as its noise allows, and its saved model takes raw windows."""

import json
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import pytest

from tests.inference.trained import evaluated, program

ROWS, NOISE = 600, 0.1
RECIPE = """\
recipe: 1
name: sine
task: regression
seed: 2
data:
  source: windows
  files: sine.csv
  time: hour
  target: load
  length: 24
  batch_size: 32
model: {kind: sequential, layers: [{kind: flatten}]}
optimizer: {kind: adam}
schedule: {kind: 1cycle, max_lr: 0.02}
training: {epochs: 60}
expect: {test_mean_absolute_error: "<= 0.15"}
"""
"""A linear model of a day's values; the noise alone has a mean absolute error of 0.08, the value before one of 0.19."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("sine")
    n = np.arange(ROWS)
    load = 0.002 * n + np.sin(2 * np.pi * n / 24) + np.random.default_rng(1).normal(0, NOISE, ROWS)
    hours = np.datetime64("2026-01-01T00:00") + n * np.timedelta64(1, "h")
    lines = [f"{hour},{value:.4f}" for hour, value in zip(hours, load, strict=True)]
    (folder / "sine.csv").write_text("\n".join(["hour,load", *lines]) + "\n")
    (folder / "sine.yaml").write_text(RECIPE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECIPE_CACHE_DIR", str(folder / "cache"))
        program("run", folder / "sine.yaml", "--run-dir", folder / "run", "-q")
        yield folder


def windows(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """All windows of the file and the value after each, by hand."""
    load = np.loadtxt(folder / "sine.csv", delimiter=",", skiprows=1, usecols=1, dtype=np.float32)
    x = np.stack([load[start : start + 24] for start in range(ROWS - 24)])[:, :, None]
    return x, load[24:]


def test_the_saved_model_takes_raw_windows(folder: Path) -> None:
    """Plain Keras on the windows of the last tenth of the file makes the error that the run tells."""
    x, y = windows(folder)
    model = keras.saving.load_model(folder / "run" / "model.keras", compile=False)
    found = model.predict(x[ROWS * 9 // 10 :], verbose=0)[:, 0]
    told = evaluated(folder / "run", "--split", "test")
    assert told["examples"] == len(found)
    assert told["metrics"]["mean_absolute_error"] == pytest.approx(np.abs(found - y[ROWS * 9 // 10 :]).mean(), rel=1e-5)
    persistence = np.abs(x[ROWS * 9 // 10 :, -1, 0] - y[ROWS * 9 // 10 :]).mean()
    assert NOISE * np.sqrt(2 / np.pi) * 0.8 < told["metrics"]["mean_absolute_error"] < 0.8 * persistence


def test_a_run_shows_naive_forecasts_beside_its_result(folder: Path) -> None:
    x, y = (array[ROWS * 9 // 10 :] for array in windows(folder))
    shown = json.loads(program("show", folder / "run", "--json").stdout)["naive_forecasts"]
    for name, said in {"last": x[:, -1, 0], "seasonal": x[:, 0, 0]}.items():
        assert shown[name]["test_mean_absolute_error"] == pytest.approx(np.abs(said - y).mean(), rel=1e-6)
    text = " ".join(program("show", folder / "run").stdout.split())
    for words in ("always the last value that is seen", "always the value of one season before", "always the mean"):
        assert words in text


def test_windows_are_predicted_from_an_array_and_from_the_rows_of_a_table(folder: Path) -> None:
    x, _ = windows(folder)
    np.save(folder / "some.npy", x[:3])
    found = program("predict", folder / "run", folder / "some.npy", "--format", "json").stdout
    model = keras.saving.load_model(folder / "run" / "model.keras", compile=False)
    wanted = model.predict(x[:3], verbose=0)[:, 0]
    assert [row["value"] for row in json.loads(found)] == pytest.approx(wanted.tolist(), abs=1e-6)
    lines = (folder / "sine.csv").read_text().splitlines()
    (folder / "new.csv").write_text(
        "\n".join(["load,hour", *(",".join(s.split(",")[::-1]) for s in lines[1:31])]) + "\n"
    )
    rows = json.loads(program("predict", folder / "run", folder / "new.csv", "--format", "json").stdout)
    assert [row["id"] for row in rows] == [str(n) for n in range(24, 31)]  # the last one is for the row that follows
    every = model.predict(x[:7], verbose=0)[:, 0]
    assert [row["value"] for row in rows] == pytest.approx(every.tolist(), abs=1e-6)


def test_a_table_whose_rows_do_not_follow_one_another_or_lack_a_value_is_told(folder: Path) -> None:
    lines = (folder / "sine.csv").read_text().splitlines()[:40]
    (folder / "gap.csv").write_text("\n".join(lines[:10] + lines[12:]) + "\n")
    error = program("predict", folder / "run", folder / "gap.csv", status=2).output
    assert "the usual step is 1 hour" in " ".join(error.split())
    (folder / "few.csv").write_text("\n".join(lines[:20]) + "\n")
    assert "19 rows; the model sees 24" in program("predict", folder / "run", folder / "few.csv", status=2).output


def test_a_file_is_evaluated_as_the_run_evaluates_its_parts(folder: Path) -> None:
    lines = (folder / "sine.csv").read_text().splitlines()
    (folder / "last.csv").write_text("\n".join([lines[0], *lines[1 + ROWS * 9 // 10 :]]) + "\n")
    own, other = (evaluated(folder / "run", *asked) for asked in (("--split", "test"), ("--data", folder / "last.csv")))
    assert other["examples"] == own["examples"]
    for name, value in own["metrics"].items():
        assert other["metrics"][name] == pytest.approx(value, rel=1e-6)


def test_windows_are_shown_by_column_and_checked_by_row(folder: Path) -> None:
    shown = json.loads(program("data", "show", folder / "sine.yaml", "--json").stdout)
    assert [one["name"] for one in shown["values"]] == ["load"]
    (folder / "flat.csv").write_text("load\n" + "".join(f"{max(0, n - 60) % 9}\n" for n in range(200)))
    text = RECIPE.replace("sine.csv", "flat.csv").replace("  time: hour\n", "").replace("length: 24", "length: 30")
    text = text.replace("batch_size: 32", "splits: {validation: 20%, test: 20%, train: 60%}")
    (folder / "flat.yaml").write_text(
        text.replace("batch_size: 32", "splits: {validation: 20%, test: 20%, train: 60%}")
    )
    found = json.loads(program("data", "check", folder / "flat.yaml", "--json").stdout)["findings"]
    assert "blank" not in [one["kind"] for one in found]
    assert "train, the window from flat.csv: row 1 on" in str(found)
