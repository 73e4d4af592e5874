"""Large files: ``recipe run`` on a table or a folder of images beside tf.data and ``fit``, on the same files.

``python -m tests.benchmarks.files CASE NAME FOLDER`` prints one JSON object: seconds and processor seconds from the
first look at the files to the trained model, and the process' peak of memory. TensorFlow is imported before.
Processor seconds are those of the process and of those that it starts. ``engine`` is the whole of ``recipe run``: it
checks every value, learns the statistics of every column, and saves the model. ``fit`` reads the columns as they are.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

NUMBERS = 8
WORDS = ("Oslo", "Rome", "Paris", "Bern", "Riga")
BATCH = 1024
SIZES = {"csv": 5_000_000, "parquet": 5_000_000, "jpeg": 100_000}
"""Rows, or images, of each case."""
_BLOCK = 100_000
RECIPE = """\
recipe: 1
name: large
task: {task}
seed: 1
data: {{{data}}}
model: {{kind: sequential, layers: [{layers}]}}
optimizer: {{kind: adam}}
training: {{epochs: 1}}
"""


def make_table(folder: Path, rows: int, *, parquet: bool) -> None:
    """Eight numbers, a word, and a number that follows from them; in one file."""
    import pyarrow as pa
    from pyarrow import csv
    from pyarrow import parquet as pq

    draw = np.random.default_rng(1)
    writer: Any = None
    for start in range(0, rows, _BLOCK):
        count = min(_BLOCK, rows - start)
        x = draw.normal(size=(NUMBERS, count)).astype(np.float32).round(4)
        columns = {f"n{k}": column for k, column in enumerate(x)}
        columns["town"] = np.array(WORDS)[draw.integers(0, len(WORDS), count)]
        table = pa.table(columns | {"target": x.sum(axis=0)})
        if writer is None:
            path = folder / ("t.parquet" if parquet else "t.csv")
            writer = (pq.ParquetWriter if parquet else csv.CSVWriter)(path, table.schema)
        writer.write_table(table)
    writer.close()


def make_images(folder: Path, count: int) -> None:
    """Small JPEG files in two folders: noise on a grey level that says which."""
    from PIL import Image

    draw = np.random.default_rng(1)
    for name in ("dark", "light"):
        (folder / "images" / name).mkdir(parents=True)
    for k in range(count):
        pixels = draw.integers(0, 128, (64, 64, 3)) + 100 * (k % 2)
        path = folder / "images" / ("light" if k % 2 else "dark") / f"{k:06}.jpg"
        Image.fromarray(pixels.astype(np.uint8)).save(path, quality=80)


def engine(data: str, layers: str, task: str, folder: Path) -> None:
    """``recipe run`` in this process."""
    from typer.testing import CliRunner

    from runner.cli import app

    recipe = folder / "recipe.yaml"
    recipe.write_text(RECIPE.format(data=data, layers=layers, task=task))
    with tempfile.TemporaryDirectory() as place:
        os.environ["RECIPE_CACHE_DIR"] = place
        done = CliRunner().invoke(
            app, ["run", str(recipe), "--run-dir", f"{place}/run", "--progress", "none", "--json"]
        )
    if done.exit_code:
        sys.exit(done.output)


def engine_csv(folder: Path) -> None:
    """A table of text."""
    shares = "splits: {train: 100%, validation: 0%, test: 0%}"
    data = f"source: csv, files: t.csv, target: target, batch_size: {BATCH}, {shares}"
    engine(data, "{kind: dense, units: 32, activation: relu}", "regression", folder)


def engine_parquet(folder: Path) -> None:
    """A table in columns."""
    shares = "splits: {train: 100%, validation: 0%, test: 0%}"
    data = f"source: parquet, files: t.parquet, target: target, batch_size: {BATCH}, {shares}"
    engine(data, "{kind: dense, units: 32, activation: relu}", "regression", folder)


IMAGE_LAYERS = "{kind: average_pooling2d, pool_size: 8}, {kind: flatten}"


def engine_jpeg(folder: Path) -> None:
    """Images that are decoded as they train."""
    data = (
        "source: images, folder: images, size: [64, 64], scale: 1/255, batch_size: 256, resident_limit: 64 MiB, "
        "splits: {train: 100%, validation: 0%, test: 0%}"
    )
    engine(data, IMAGE_LAYERS, "classification", folder)


def fit_csv(folder: Path) -> None:
    """``make_csv_dataset`` and ``fit``."""
    import keras
    import tensorflow as tf

    dataset = tf.data.experimental.make_csv_dataset(
        str(folder / "t.csv"), BATCH, label_name="target", num_epochs=1, shuffle=True, shuffle_buffer_size=10_000
    )
    inputs = {f"n{k}": keras.Input((1,), name=f"n{k}") for k in range(NUMBERS)}
    town = keras.Input((1,), dtype="string", name="town")
    words = keras.layers.StringLookup(vocabulary=list(WORDS), output_mode="one_hot")(town)
    hidden = keras.layers.Dense(32, activation="relu")(keras.layers.concatenate([*inputs.values(), words]))
    model = keras.Model({**inputs, "town": town}, keras.layers.Dense(1)(hidden))
    model.compile("adam", "mse")
    shaped = dataset.map(lambda x, y: ({name: tf.expand_dims(value, -1) for name, value in x.items()}, y))
    model.fit(shaped, epochs=1, verbose=0)


def fit_jpeg(folder: Path) -> None:
    """``image_dataset_from_directory`` and ``fit``."""
    import keras

    dataset = keras.utils.image_dataset_from_directory(
        str(folder / "images"), image_size=(64, 64), batch_size=256, seed=1, verbose=False
    )
    layers = [keras.layers.Rescaling(1 / 255), keras.layers.AveragePooling2D(8), keras.layers.Flatten()]
    model = keras.Sequential([keras.Input((64, 64, 3)), *layers, keras.layers.Dense(2, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(dataset, epochs=1, verbose=0)


def decode_jpeg(folder: Path) -> None:
    """The decoder alone, on all cores: what no reader of the files can be faster than."""
    import tensorflow as tf

    files = tf.data.Dataset.list_files(str(folder / "images/*/*.jpg"))
    decoded = files.map(lambda path: tf.io.decode_jpeg(tf.io.read_file(path), 3), tf.data.AUTOTUNE)
    for _ in decoded.batch(256).prefetch(2):
        pass


RUNS: dict[tuple[str, str], Callable[[Path], None]] = {
    ("csv", "engine"): engine_csv,
    ("csv", "fit"): fit_csv,
    ("parquet", "engine"): engine_parquet,
    ("jpeg", "engine"): engine_jpeg,
    ("jpeg", "fit"): fit_jpeg,
    ("jpeg", "decoder"): decode_jpeg,
}


def contestants(case: str) -> tuple[str, ...]:
    """Names of those that read the same files."""
    return tuple(name for of, name in RUNS if of == case)


def make(case: str, folder: Path, count: int) -> None:
    """Write a case's files: so many rows, or images."""
    if case == "jpeg":
        make_images(folder, count)
    else:
        make_table(folder, count, parquet=case == "parquet")


def _processor() -> float:
    """Seconds of processors that this process and its children have taken."""
    return time.process_time() + sum(os.times()[2:4])


def main() -> None:
    """Read, train and print what it took."""
    case, name, folder = sys.argv[1:]
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras  # noqa: F401 - which every contestant needs

    began, used = time.perf_counter(), _processor()
    RUNS[case, name](Path(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, processor = time.perf_counter() - began, _processor() - used
    print(json.dumps({"seconds": [seconds], "processor": processor, "peak_mib": peak}))


if __name__ == "__main__":
    main()
