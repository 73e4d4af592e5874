"""Layers in front of a table's model, and a saved model that takes rows as the file has them."""

import csv
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from runner.data.access import DataAccess
from runner.data.cache import cache_folder
from runner.data.examples import Examples
from runner.data.load import load_data
from runner.data.statistics.date_treatment import FittedDate
from runner.data.statistics.fit import features
from runner.data.statistics.number_treatment import FittedNumber
from runner.data.statistics.word_treatment import FittedWords
from runner.data.tables.store import stored_table
from runner.data.tabular.prepared import PreparedTable
from runner.engine.step.learner import make_learner
from runner.model.planned_shapes import planned_shapes
from runner.model.saving import save_model
from runner.model.table_front import TableFront
from runner.plan.plan import Plan
from runner.workflows.prepare import prepare
from runner.workflows.raw_values import raw_values
from schemas.recipe import Recipe

HEADER = ("weight (kg)", "a/b", "naïve café", "colour", "size:x", "late", "when", "seen", "said", "heard", "label")
RECIPE: dict[str, Any] = {
    "recipe": 1,
    "name": "odd",
    "task": "classification",
    "data": {
        "source": "csv",
        "files": "odd.csv",
        "target": "label",
        "columns": {
            "weight (kg)": {"missing": "median", "indicator": True, "clip": [0.05, 0.95]},
            "a/b": {"scale": "log1p"},
            "late": {"scale": "minmax", "missing": "constant", "value": -1.0},
            "colour": {"at_least": 30},
            "size:x": {"missing": "mode"},
            "when": {"parts": ["year", "days", "hour"], "cyclic": ["month", "weekday"], "indicator": True},
            "seen": {"format": "%d.%m.%y", "parts": ["yearday"], "scale": "minmax", "missing": "median"},
            "said": {"output": "tf_idf", "vocabulary": 5, "ngrams": 2},
            "heard": {"output": "multi_hot"},
        },
    },
    "model": {"kind": "sequential", "layers": [{"kind": "dense", "units": 16, "activation": "relu"}]},
    "optimizer": {"kind": "adam", "learning_rate": 0.01},
    "training": {"epochs": 1},
}
ALONE = """
    import csv, sys
    import keras, numpy as np, tensorflow as tf
    sys.modules["runner"] = sys.modules["schemas"] = None
    model = keras.models.load_model("odd.keras")
    rows = list(csv.DictReader(open("odd.csv", encoding="utf-8")))
    def column(name):
        values = [[row[name]] for row in rows]
        if model.input[name].dtype == "string":
            return tf.constant(values)
        return np.array([[float(value or "nan")] for (value,) in values], np.float32)
    np.save("alone.npy", model.predict({name: column(name) for name in model.input}, verbose=0))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    random = np.random.default_rng(0)
    with (tmp_path / "odd.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(200):
            x, colour = random.normal(size=3), random.choice(["red", "green", "blue", "", "NA", " teal", "mauve"])
            values = [f"{x[0]:.5f}" if number % 7 else "", f"{np.exp(x[1]):.4f}", f"{1e3 + x[2]:.4f}", colour]
            late = random.integers(5) if number % 5 else ""
            seconds = np.datetime64("2019-11-03T04:05:06") + int(random.integers(1e8))
            when = "" if number % 11 == 0 else f"{seconds}{['', 'Z', '+05:30'][number % 3]}"
            seen = f"{number % 28 + 1:02}.{number % 12 + 1}.{60 + number % 20}" if number % 13 else "NA"
            said = " ".join(random.choice(["Good.", "bad", "good", "Ärger", "so-so", "x"], int(random.integers(5))))
            heard = "null" if number % 17 == 0 else f"a{number % 3} b{number % 4}"
            label = ["no", "yes", "perhaps"][int(x[0] + 2 * (colour == "red") > 0.5) + int(x[1] > 1)]
            writer.writerow([*values, random.choice(["S", "M", "L", ""]), late, when, seen, said, heard, label])
    return tmp_path


@pytest.fixture
def plan(folder: Path) -> Plan:
    return prepare(Recipe.model_validate(RECIPE), access(folder), print)


def access(folder: Path) -> DataAccess:
    return DataAccess().within(folder)


def table(plan: Plan) -> PreparedTable:
    assert isinstance(plan.data.details, PreparedTable)
    return plan.data.details


def test_the_layers_compute_what_the_statistics_say(plan: Plan, folder: Path) -> None:
    found = load_data(plan, access(folder)).train
    assert isinstance(found, Examples)
    model = keras.Sequential([keras.Input(plan.data.shape), keras.layers.Lambda(TableFront(table(plan).fitted))])
    out = np.asarray(model(found.x))
    assert out.shape == (len(found), *plan.data.layer_input)
    facts = table(plan).facts
    rows = stored_table(facts, cache_folder()).take(table(plan).parts["train"], table(plan).inputs)
    wanted = features(rows, table(plan).fitted, {column.name: column.words for column in facts.columns})
    fitted = table(plan).fitted
    numbers, signs, circles, words, texts = [], [], [], [], []
    for name, learnt in fitted.items():
        values = wanted[name]
        if isinstance(learnt, FittedNumber):
            numbers.append(values[:, :1])
            signs.append(values[:, 1:])
        elif isinstance(learnt, FittedDate):
            count = len(learnt.numbers)
            numbers.append(values[:, :count])
            pairs = values[:, count : count + 2 * len(learnt.cycles)]
            circles += [pairs[:, 0::2], pairs[:, 1::2]]
            signs.append(values[:, count + 2 * len(learnt.cycles) :])
        else:
            (words if isinstance(learnt, FittedWords) else texts).append(values)
    np.testing.assert_allclose(out, np.concatenate([*numbers, *signs, *circles, *words, *texts], axis=1), atol=2e-4)
    assert not np.isnan(out).any()


def test_an_embedded_column_is_a_row_of_its_table(folder: Path) -> None:
    columns = {**RECIPE["data"]["columns"], "size:x": {"embed": "auto"}, "colour": {"embed": 3, "at_least": 30}}
    recipe = Recipe.model_validate({**RECIPE, "data": {**RECIPE["data"], "columns": columns}})
    plan = prepare(recipe, access(folder), print)
    dataset = load_data(plan, access(folder))
    learner = make_learner(plan, dataset)
    size, colour = (table(plan).fitted[name] for name in ("size:x", "colour"))
    assert isinstance(size, FittedWords)
    assert isinstance(colour, FittedWords)
    assert (size.size, size.embed, colour.embed) == (5, 3, 3)
    rows = planned_shapes(plan)
    assert [row.path for row in rows[:2]] == [("data", "columns", "colour"), ("data", "columns", "size:x")]
    assert sum(row.parameters for row in rows) == learner.model.count_params()
    places = {name: table(plan).stored.index(name) for name in ("size:x", "colour")}
    tables = {name: learner.model.get_layer(f"column.{place}").get_weights()[0] for name, place in places.items()}
    assert tables["colour"].shape == (colour.size, 3)
    assert colour.rare > 0
    dense = next(layer for layer in learner.model.layers if isinstance(layer, keras.layers.Dense))
    received = keras.Model(learner.model.input, dense.input)
    assert isinstance(dataset.train, Examples)
    vectors = np.asarray(received(dataset.train.x))[:, -20:-14]
    wanted = [tables[name][dataset.train.x[:, places[name]].astype(int)] for name in ("colour", "size:x")]
    np.testing.assert_array_equal(vectors, np.concatenate(wanted, axis=1))


def test_a_sequence_of_words_is_all_that_the_model_takes(folder: Path) -> None:
    ignored = {name: {"type": "ignore"} for name in HEADER if name not in ("said", "label")}
    data = {**RECIPE["data"], "columns": {**ignored, "said": {"output": "int", "length": 4}}}
    layers = [{"kind": "embedding", "output_dim": 3}, {"kind": "global_average_pooling1d"}]
    recipe = Recipe.model_validate({**RECIPE, "data": data, "model": {"kind": "sequential", "layers": layers}})
    plan = prepare(recipe, access(folder), print)
    dataset = load_data(plan, access(folder))
    learner = make_learner(plan, dataset)
    save_model(learner.model, learner.optimizer.optimizer, plan, folder / "said.keras")
    with (folder / "odd.csv").open(encoding="utf-8") as file:
        texts = [[row["said"]] for row in csv.DictReader(file)]
    whole = np.asarray(keras.models.load_model(folder / "said.keras")({"said": tf.constant(texts)}))
    assert isinstance(dataset.train, Examples)
    wanted = learner.model.predict(dataset.train.x, verbose=0)
    assert np.ptp(wanted) > 0
    np.testing.assert_allclose(whole[table(plan).parts["train"]], wanted, atol=1e-6)


def test_examples_show_dates_and_texts_as_they_lie_in_the_file(plan: Plan, folder: Path) -> None:
    with (folder / "odd.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    places = table(plan).parts["train"]
    found = raw_values(plan, np.arange(len(places)))
    for row, cells in zip((rows[place] for place in places), found, strict=True):
        assert cells["said"] == row["said"]
        assert (cells["seen"] == "") == (row["seen"] == "NA")
        assert (cells["when"] == "") == (row["when"] == "")
        if row["when"] and "+" not in row["when"]:
            assert cells["when"] == row["when"].removesuffix("Z")
        if row["seen"] != "NA":
            day, month, year = map(int, row["seen"].split("."))
            assert cells["seen"] == f"{1900 + year if year > 68 else 2000 + year}-{month:02}-{day:02}"


def test_a_date_is_read_as_it_is_when_it_trains(plan: Plan) -> None:
    fitted = table(plan).fitted["when"]
    assert isinstance(fitted, FittedDate)
    assert fitted.parts == ("year", "days", "hour", "month", "weekday")
    assert plan.data.shape == (4 + 2 + 5 + 1 + 6 + 8,)
    assert table(plan).stored[9] == "when: month"
    assert table(plan).stored[12] == "said: other words"
    assert table(plan).stored[-1].startswith("heard: ")


def test_the_saved_model_takes_rows_of_the_file_without_this_package(plan: Plan, folder: Path) -> None:
    dataset = load_data(plan, access(folder))
    learner = make_learner(plan, dataset)
    save_model(learner.model, learner.optimizer.optimizer, plan, folder / "odd.keras")
    code = textwrap.dedent(ALONE)
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    alone = np.load(folder / "alone.npy")
    for name, part in (("train", dataset.train), ("validation", dataset.validation), ("test", dataset.test)):
        assert isinstance(part, Examples)
        np.testing.assert_allclose(alone[table(plan).parts[name]], learner.model.predict(part.x, verbose=0), atol=1e-6)


@pytest.mark.filterwarnings("ignore:When providing `inputs` as a dict")
@pytest.mark.parametrize("name", ["odd", "concatenate", "string_lookup"])
def test_a_column_may_be_called_as_the_recipe_or_as_an_operation_of_keras(folder: Path, name: str) -> None:
    rows = (f"{n % 7},{'pqr'[n % 3]},{'ab'[n % 2]}" for n in range(60))
    (folder / "named.csv").write_text("\n".join([f"{name},word,label", *rows]) + "\n")
    data = {"source": "csv", "files": "named.csv", "target": "label"}
    plan = prepare(Recipe.model_validate(RECIPE | {"data": data}), access(folder), print)
    dataset = load_data(plan, access(folder))
    learner = make_learner(plan, dataset)
    save_model(learner.model, learner.optimizer.optimizer, plan, folder / "odd.keras")
    model = keras.models.load_model(folder / "odd.keras")
    assert set(model.input) == {name, "word"}
    words = tf.constant([["pqr"[n % 3]] for n in range(60)])
    found = model.predict({name: np.array([[n % 7] for n in range(60)], np.float32), "word": words}, verbose=0)
    assert isinstance(dataset.train, Examples)
    expected = learner.model(dataset.train.x)
    np.testing.assert_allclose(np.asarray(found)[table(plan).parts["train"]], expected, atol=1e-6)
