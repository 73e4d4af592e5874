"""source: tfds with a text beside other inputs: what the model gets, held against Keras and NumPy."""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from typer.testing import CliRunner

from runner.cli import app
from runner.data.placement import Placement
from runner.data.statistics.text_treatment import FittedText
from runner.data.streaming.block_order import StreamedSplit, collected
from runner.data.tabular.prepared import PreparedTable
from runner.errors import DataError
from runner.model.table_front import TableFront
from tests.cli.program import recipe
from tests.data.test_tfds_features import IN_MEMORY, PARTS, STREAMED, example, facts, folder, loaded, orders

__all__ = ["folder", "orders"]
ASKED: dict[str, Any] = {"inputs": ["features/age", "note", "town", "features/deep/scan"], "output": "tf_idf"}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize("where", [IN_MEMORY, STREAMED], ids=["in memory", "as it trains"])
def test_words_are_of_the_training_part_and_stand_beside_numbers_and_classes(
    folder: Path, orders: dict[str, list[int]], where: Placement
) -> None:
    asked = ASKED | {"target": "pay"}
    found = facts(folder, **asked)
    assert (found.train, found.validation, found.test, found.version) == (30, 10, 12, "1.0.0")
    assert isinstance(found.details, PreparedTable)
    scan = [f"features/deep/scan[{k}]" for k in range(6)]
    assert list(found.details.fitted) == ["features/age", "note", "town", *scan]
    dataset, front = loaded(folder, where, **asked), TableFront(found.details.fitted)
    ages, seen = np.array([k / 2 for k in orders["train"]]), [f"number {k}" for k in orders["train"]]
    layer = keras.layers.TextVectorization(output_mode="tf_idf")
    layer.adapt(seen)
    note = found.details.fitted["note"]
    assert isinstance(note, FittedText)
    assert set(note.encoding.words) == set(layer.get_vocabulary()[1:])
    for part in PARTS:
        split = getattr(dataset, part)
        split = collected(split) if isinstance(split, StreamedSplit) else split
        assert np.array_equal(split.y, np.float32([100 * k for k in orders[part]]))
        x = np.asarray(front(split.x))
        assert x.shape == (len(orders[part]), *found.layer_input)
        here = np.array([k / 2 for k in orders[part]])
        np.testing.assert_allclose(x[:, 0], (here - ages.mean()) / ages.std(), rtol=1e-5, atol=1e-6)
        words = np.asarray(layer([example(k)["note"] for k in orders[part]]))
        found_words = x[:, -words.shape[1] :]
        np.testing.assert_allclose(np.sort(found_words, axis=1), np.sort(words, axis=1), rtol=1e-5)
        towns = x[:, 7 : -words.shape[1]]
        assert (towns.sum(axis=1) == 1).all()
        assert len({(k % 3, int(town.argmax())) for k, town in zip(orders[part], towns, strict=True)}) == 3


def test_classes_have_the_order_of_the_dataset_and_are_all_there(folder: Path) -> None:
    asked = {"inputs": ["note", "pay"], "target": "town", "task": "classification", "output": "multi_hot"}
    found = facts(folder, **asked)
    assert (found.classes, found.class_names) == (3, ("Rome", "Oslo", "Lima"))
    one = facts(folder, **asked, splits={"train": "train[:1]", "test": "train[1:2]"})
    assert one.class_names == found.class_names
    paid, towns = loaded(folder, IN_MEMORY, **asked).train.x[:, -1], loaded(folder, IN_MEMORY, **asked).train.y
    assert np.array_equal(towns, (paid / 100) % 3)


def test_the_table_is_written_once_for_the_same_records(folder: Path, cache: Path) -> None:
    first = facts(folder, **ASKED, target="pay")
    written = {path: path.stat().st_mtime_ns for path in cache.glob("tfds-*/*.arrow")}
    assert sorted(path.name for path in written) == [
        "test-people.arrow",
        "train-people.arrow",
        "validation-people.arrow",
    ]
    assert facts(folder, **ASKED, target="pay").sha256 == first.sha256
    assert {path: path.stat().st_mtime_ns for path in cache.glob("tfds-*/*.arrow")} == written
    facts(folder, **ASKED | {"inputs": ["note", "pay"]}, target="features/age")
    assert len(list(cache.glob("tfds-*"))) == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"output": None}, "write `output: multi_hot` or `output: tf_idf`"),
        ({"output": "int"}, "write `output: multi_hot` or `output: tf_idf`"),
        ({"scale": "standard"}, "remove `scale`"),
        ({"target": "both"}, "'both' has 2 numbers; beside inputs with a text a target is a class or one number"),
        ({"target": ["pay", "features/kind"], "task": "multi_output"}, "these have one output"),
        ({"inputs": ["note", "both"]}, "'both' holds 1 bytes; 2 numbers are declared"),
        ({"inputs": ["note", "photo"]}, "'photo' is an image, and several inputs"),
    ],
)
def test_what_does_not_go_beside_a_text_is_told_by_the_plan(folder: Path, changed: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError) as caught:
        facts(folder, **ASKED | {"target": "pay"} | changed)
    assert said in " ".join([str(caught.value), *caught.value.help])


@pytest.mark.filterwarnings("ignore:When providing `inputs` as a dict")
def test_a_run_predicts_and_is_evaluated_on_rows_of_a_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = {
        "recipe": 1,
        "name": "note",
        "task": "classification",
        "data": {
            "source": "tfds",
            "name": "people",
            "inputs": ["features/age", "note", "features/kind"],
            "target": "town",
            "output": "multi_hot",
            "splits": {"train": "train[:30]", "validation": "train[30:]", "test": "test"},
        },
        "model": {"kind": "sequential", "layers": [{"kind": "dense", "units": 8}]},
        "optimizer": {"kind": "adam", "learning_rate": 0.01},
        "training": {"epochs": 2},
    }
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TFDS_DATA_DIR", str(folder))
    (tmp_path / "note.yaml").write_text(json.dumps(written))
    done = recipe("run", "note.yaml", "--run-dir", "made", "--progress", "none", cwd=tmp_path, data_dir=folder)
    assert done.returncode == 0, done.stderr
    rows = [f"{k / 2},number {k},{'abc'[k % 3]},{('Rome', 'Oslo', 'Lima')[k % 3]}" for k in range(12)]
    (tmp_path / "more.csv").write_text("\n".join(["features/age,note,features/kind,town", *rows]) + "\n")
    answer = CliRunner().invoke(app, ["predict", "made", "more.csv"])
    assert answer.exit_code == 0, answer.stderr
    named = [line.split(",")[1] for line in answer.stdout.splitlines()[1:]]
    assert set(named) <= {"Rome", "Oslo", "Lima"}
    answer = CliRunner().invoke(app, ["evaluate", "made", "--data", "more.csv", "--json"])
    assert answer.exit_code == 0, answer.stderr
    right = np.mean([one == ("Rome", "Oslo", "Lima")[k % 3] for k, one in enumerate(named)])
    assert json.loads(answer.stdout)["metrics"]["accuracy"] == pytest.approx(right)
    answer = CliRunner().invoke(app, ["evaluate", "made", "--json"])
    assert json.loads(answer.stdout)["metrics"]["accuracy"] == pytest.approx(right)
    settings = json.loads((tmp_path / "made" / "lock.json").read_text())
    assert settings["class_names"] == ["Rome", "Oslo", "Lima"]
