"""``evaluate`` and ``predict`` of the library give what the verbs print."""

import csv
import io
import json

import numpy as np
import pytest

from runner.api import evaluate, predict
from runner.errors import InputError, RunNotFound
from tests.inference.test_raw_inputs import table_of
from tests.inference.trained import Trained, evaluated, program


def printed(run: Trained, *arguments: object) -> list[dict[str, object]]:
    rows = json.loads(program("predict", run.folder, *map(str, arguments), "--format", "json").stdout)
    assert isinstance(rows, list)
    return rows


def test_an_evaluation_is_that_of_the_verb(flats: Trained) -> None:
    found, shown = evaluate(flats.folder, split="validation"), evaluated(flats.folder, "--split", "validation")
    assert (found.examples, found.metrics) == (shown["examples"], shown["metrics"])
    assert [row.name for row in found.classes] == [row["name"] for row in shown["classes"]]
    file = flats.folder.parent / "flats.csv"
    assert evaluate(flats.folder, data=file).metrics == evaluated(flats.folder, "--data", file)["metrics"]


def test_rows_in_memory_give_what_their_file_gives(flats: Trained) -> None:
    file = flats.folder.parent / "flats.csv"
    wanted = printed(flats, file, "--top-k", 2)
    assert list(predict(flats.folder, file, top_k=2)) == wanted
    as_texts = [{name: value or None for name, value in row.items()} for row in table_of(flats)]
    assert list(predict(flats.folder, as_texts, top_k=2)) == wanted


def test_texts_in_memory_go_by_their_column(reviews: Trained) -> None:
    file = reviews.folder.parent / "reviews.csv"
    texts = list(csv.DictReader(io.StringIO(file.read_text())))
    assert list(predict(reviews.folder, texts)) == printed(reviews, file)


def test_arrays_are_for_models_of_arrays(iris: Trained, flats: Trained) -> None:
    x = iris.split("test").x
    rows = list(predict(iris.folder, x))
    assert [row["class"] for row in rows] == [
        ["setosa", "versicolor", "virginica"][c] for c in iris.outputs(x).argmax(axis=1)
    ]
    assert list(predict(iris.folder, x[:0])) == []
    for run, inputs, reason in (
        (flats, x, "the model takes rows of a table with 4 named columns; received an array"),
        (iris, [{"a": 1}], "the model takes rows of 4 numbers; give a NumPy array"),
        (iris, np.full((2, 4), np.nan), "example 0 has a value that is not a finite number"),
        (flats, [{"rent": 1}], "row 1: the column 'living space/m2' is missing"),
        (flats, ["none.csv"], "none.csv is missing"),
    ):
        with pytest.raises(InputError, match=reason):
            list(predict(run.folder, inputs))  # type: ignore[arg-type]
    with pytest.raises(RunNotFound):
        predict("no/such/run", x)
