"""Prepared data whose files hold fewer examples than its metadata says."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.data.tfds.records import record_offsets
from runner.engine.start import start_tensorflow
from schemas.hardware import Hardware
from tests.faults.program import program

EXAMPLES = 40
FEATURES = {
    "pythonClassName": "tensorflow_datasets.core.features.features_dict.FeaturesDict",
    "featuresDict": {
        "features": {
            "image": {
                "pythonClassName": "tensorflow_datasets.core.features.image_feature.Image",
                "image": {"shape": {"dimensions": ["28", "28", "1"]}, "dtype": "uint8"},
            },
            "label": {
                "pythonClassName": "tensorflow_datasets.core.features.class_label_feature.ClassLabel",
                "classLabel": {"numClasses": "10"},
            },
        }
    },
}
RECIPE = """\
recipe: 1
name: early
task: classification
data: {source: tfds, name: mnist, splits: {train: train, validation: null, test: null}, batch_size: 8}
model: {kind: sequential, layers: [{kind: flatten}, {kind: dense, units: 4}]}
optimizer: {kind: sgd}
schedule: {kind: constant, learning_rate: 0.01}
training: {epochs: 1}
"""


@pytest.fixture(scope="module", autouse=True)
def _tensorflow() -> None:
    start_tensorflow(Hardware(device="cpu"))


def split(name: str, examples: int) -> dict[str, Any]:
    template = "{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}"
    return {"name": name, "shardLengths": [str(examples)], "numBytes": "1", "filepathTemplate": template}


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """A prepared mnist of 40 training examples whose metadata says 50."""
    return prepare(tmp_path / "data", EXAMPLES, EXAMPLES + 10)


def prepare(data: Path, examples: int, said: int) -> Path:
    import tensorflow as tf

    folder = data / "mnist" / "3.0.1"
    folder.mkdir(parents=True)
    supervised = {"tuple": {"items": [{"featureKey": "image"}, {"featureKey": "label"}]}}
    info = {
        "name": "mnist", "version": "3.0.1", "fileFormat": "tfrecord", "supervisedKeys": supervised,
        "moduleName": "tensorflow_datasets.image_classification.mnist", "splits": [split("train", said)],
    }  # fmt: skip
    (folder / "dataset_info.json").write_text(json.dumps(info))
    (folder / "features.json").write_text(json.dumps(FEATURES))
    image = tf.io.encode_png(np.zeros((28, 28, 1), np.uint8)).numpy()
    with tf.io.TFRecordWriter(str(folder / "mnist-train.tfrecord-00000-of-00001")) as writer:
        for k in range(examples):
            feature = {
                "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[image])),
                "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[k % 10])),
            }
            writer.write(tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString())
    return data


def test_data_that_ends_early_is_refused_with_both_numbers(prepared: Path, tmp_path: Path) -> None:
    (tmp_path / "early.yaml").write_text(RECIPE)
    done = program("run", "early.yaml", "--run-dir", "out", "--data-dir", prepared, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    said = "mnist-train.tfrecord-00000-of-00001 was expected to contain 50 records but has 40"
    assert f"split 'train' cannot be read: {said}" in done.stderr
    assert "early.yaml:4:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_torn_while_it_is_read_ends_the_run_which_goes_on_when_it_is_back(tmp_path: Path) -> None:
    data = prepare(tmp_path / "data", 2_000, 2_000)
    (tmp_path / "early.yaml").write_text(RECIPE.replace("epochs: 1", "epochs: 2"))
    file = next(data.glob("mnist/*/mnist-train.*"))
    whole = bytearray(file.read_bytes())
    torn = whole.copy()
    torn[int(record_offsets(file, 2_000)[1_000]) + 20] ^= 1  # within the data of a record
    file.write_bytes(torn)
    streaming = ("--set", "data.resident_limit=1 MiB", "--data-dir", data)
    done = program("run", "early.yaml", "--run-dir", "out", *streaming, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "split 'train' cannot be read: corrupted record at" in done.stderr
    assert "Traceback" not in done.stderr
    file.write_bytes(whole)
    again = program("resume", "out", "--data-dir", data, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
