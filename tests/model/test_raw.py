"""A saved model takes raw inputs of every source, in a process that cannot import this package."""

import csv
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.ipc
import pytest
import tensorflow_datasets as tfds
from PIL import Image
from pyarrow import parquet
from sklearn.datasets import load_digits  # type: ignore[import-untyped]

from runner.model.saving import save_model
from tests.data import test_hub_files as hub_files
from tests.data import test_record_source as records
from tests.data import test_tfds_features as people
from tests.data import test_windows_source as series
from tests.data.test_held_images import SIZES, pixels
from tests.data.test_own_files import X, every
from tests.engine.every_source import CASES, session

Raw = np.ndarray | dict[str, np.ndarray]
ALONE = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("runner", "schemas"):
            raise ImportError(name + " is not installed")
sys.meta_path.insert(0, Missing())
import keras, numpy as np, tensorflow as tf
def tensor(given, texts):
    if texts:
        return tf.constant(given.tolist())
    given = given if given.dtype.kind != "U" else np.array([[float(v or "nan")] for (v,) in given.tolist()])
    return given.astype(np.float32)
for name in sys.argv[1:]:
    model = keras.models.load_model(name + ".keras")
    with np.load(name + ".npz") as raw:
        if isinstance(model.input, dict):
            given = {key: tensor(raw[key], model.input[key].dtype == "string") for key in model.input}
        else:
            given = tensor(raw["x"], model.input.dtype == "string")
    np.save(name + ".npy", model.predict(given, verbose=0))
"""


def of_csv(folder: Path) -> Raw:
    with (folder / "t.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([[row[name]] for row in rows]) for name in rows[0]}


def of_portraits(folder: Path) -> Raw:
    """Columns as the file has them, and the pixels of the images that it names."""
    raw = of_csv(folder)
    for name in ("photo", "back"):
        images = [np.asarray(Image.open(folder / path)) for path in raw[name][:, 0]]
        raw[name] = np.stack([image.reshape(*image.shape[:2], -1) for image in images])
    return raw


def words(column: Any) -> np.ndarray:
    return np.array([["" if value is None else str(value)] for value in column.to_pylist()])


def of_parquet(folder: Path) -> Raw:
    table = parquet.read_table(folder / "t.parquet")
    return {
        name: np.array([["" if v is None else str(v)] for v in table[name].to_pylist()]) for name in table.schema.names
    }


def of_arrow(folder: Path) -> Raw:
    tables = []
    for part in hub_files.SIZES:
        for path in sorted((folder / "ds" / part).glob("*.arrow")):
            tables.append(pyarrow.ipc.open_stream(path.read_bytes()).read_all())
    table = pa.concat_tables(tables)
    return {name: words(table[name]) for name in ("text", "stars")}


def of_jpegs(folder: Path) -> Raw:
    files = sorted((folder / "jpegs").rglob("*.jpg"))
    return np.stack([np.asarray(Image.open(path)) for path in files])


def of_windows(folder: Path) -> Raw:
    rows = [line.split(",") for line in series.lines()]
    numbers = np.array([[float(row[k]) for k in (1, 2, 3)] for row in rows])
    return np.stack([numbers[start : start + 5] for start in range(series.ROWS - 5)])


def of_people(folder: Path) -> Raw:
    some = [people.example(k) for k in range(people.NUMBERS["test"])]
    return np.array([[one["features"]["age"], *np.eye(3)[one["town"]], *one["both"]] for one in some])


def of_photos(folder: Path) -> Raw:
    return np.stack([people.example(k)["photo"] for k in range(people.NUMBERS["test"])])


def of_notes(folder: Path) -> Raw:
    """As tensorflow-datasets itself reads them, in the order of the files."""
    builder = tfds.builder_from_directory(str(folder / "people" / "1.0.0"))
    splits = [tfds.as_numpy(builder.as_dataset(split=part, shuffle_files=False)) for part in ("train", "test")]
    return np.array([one["note"].decode() for split in splits for one in split])


RAW: dict[str, Callable[[Path], Raw]] = {
    "csv": of_csv,
    "csv of images": of_portraits,
    "parquet": of_parquet,
    "hugging face": of_arrow,
    "hugging face images": lambda _: np.stack([pixels(n) for n in range(SIZES["test"])]),
    "text": lambda folder: of_csv(folder)["text"][:, 0],
    "jpeg": of_jpegs,
    "windows": of_windows,
    "tfds": of_people,
    "tfds images": of_photos,
    "tfds text": of_notes,
    "custom": lambda _: np.sin(np.arange(5) + np.arange(70)[:, None]),
    "tfrecord": lambda _: np.stack([np.full((3, 2, 3), k) for k in range(records.ROWS)]),
    "npz": lambda _: X,
    "builtin": lambda _: load_digits().images[..., None],
}
"""What a person has of each source, in the order of the files."""


@pytest.mark.slow
def test_saved_models_alone_give_what_the_pipeline_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    wanted = {name: trained(tmp_path, name) for name in RAW}
    command = [sys.executable, "-I", "-c", ALONE, *RAW]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name, (ours, places) in wanted.items():
        theirs = np.load(tmp_path / f"{name}.npy")
        np.testing.assert_allclose(theirs[places], ours, rtol=0, atol=1e-6, err_msg=name)
    with zipfile.ZipFile(tmp_path / "text.keras") as archive:
        assert json.loads(archive.read("class_names.json")) == ["neg", "pos"]


def trained(folder: Path, name: str) -> tuple[np.ndarray, Any]:
    """Save a trained model and raw inputs; what the pipeline gives of the test part, and its places among these."""
    own = folder / name
    own.mkdir()
    CASES[name].write(own)
    run, dataset = session(own, name, streamed=False)
    run.run()
    plan, learner = run.plan, run.learner
    save_model(learner.model, learner.optimizer.optimizer, plan, folder / f"{name}.keras")
    raw = RAW[name](own)
    columns: dict[str, Any] = raw if isinstance(raw, dict) else {"x": raw}
    np.savez(folder / f"{name}.npz", **columns)
    x, _ = every(dataset.test)
    return learner.model.predict(x.astype(np.float32), verbose=0), places(plan.data.details, x, raw)


def places(details: Any, x: np.ndarray, raw: Raw) -> Any:
    """Of the test part's examples among the raw ones: by what they are, where the pipeline gives the model the same."""
    if isinstance(raw, dict) or raw.dtype.kind == "U":
        return details.parts["test"]
    known = {one.astype(np.float32).tobytes(): place for place, one in enumerate(raw)}
    return [known[one.astype(np.float32).tobytes()] for one in x]
