"""Columns that are more than numbers and words, from the file to the prediction, as plain Keras has it."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import tensorflow as tf
from pyarrow import parquet

from runner.api import predict
from runner.data.tables.column_values import dates
from tests.inference.trained import Trained, evaluated, program, rows

ROW = "when,town,born,remark,words\n2024-05-06,Oslo,1.2.1990,the sea,calm\n"


def table_of(run: Trained) -> list[dict[str, str]]:
    with (run.folder.parent / "visits.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def of_keras(run: Trained, table: list[dict[str, str]]) -> Any:
    taken = {name: tf.constant([[row[name]] for row in table]) for name in run.model.input}
    return np.asarray(run.model(taken, training=False))


def test_a_table_with_dates_gives_what_plain_keras_gives(visits: Trained) -> None:
    found, table = rows(program("predict", visits.folder, visits.folder.parent / "visits.csv").stdout), table_of(visits)
    kept = [n for n, row in enumerate(table) if row["born"]]
    assert len(kept) == 114
    outputs = of_keras(visits, [table[n] for n in kept])
    assert [float(found[n]["probability"]) for n in kept] == pytest.approx(outputs.max(axis=1), abs=1e-6)
    assert np.ptp(outputs) > 0.1
    assert {found[n]["class"] for n in range(120) if n not in kept} == {""}


def test_dates_of_parquet_and_in_memory_give_the_same(visits: Trained, tmp_path: Path) -> None:
    path, table = visits.folder.parent / "visits.csv", table_of(visits)
    wanted = program("predict", visits.folder, path).stdout
    when = dates(pa.array([None if row["when"] == "NA" else row["when"] for row in table])).array
    born = dates(pa.array([row["born"] or None for row in table]), "%d.%m.%Y").array.cast(pa.date32())
    others = {name: [row[name] for row in table] for name in ("town", "remark", "words")}
    parquet.write_table(pa.table({"born": born, "when": when, **others}), tmp_path / "visits.parquet")
    assert program("predict", visits.folder, tmp_path / "visits.parquet").stdout == wanted
    as_dates = [
        {**row, "when": a.as_py(), "born": b.as_py(), "town": row["town"] or None}
        for row, a, b in zip(table, when, born, strict=True)
    ]
    printed = json.loads(program("predict", visits.folder, path, "--format", "json").stdout)
    expected = [row["probability"] for row in printed]
    for given in (table, as_dates):
        found = [row["probability"] for row in predict(visits.folder, given)]
        assert found == [None if p is None else pytest.approx(p, abs=1e-6) for p in expected]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (ROW + "2024-02-30,Oslo,1.2.1990,,\n", "row 2, column 'when': '2024-02-30' is not a date such as 2026-11-27"),
        (
            ROW + "2024-02-28,Nowhere,1990-02-01,,\n",
            "row 2, column 'born': '1990-02-01' is not a date of the form %d.%m.%Y",
        ),
        (ROW + "2024-02-28,Nowhere,31.2.1990,,\n", "'31.2.1990' is not a date of the form %d.%m.%Y"),
    ],
)
def test_what_is_no_date_is_named_by_its_row(visits: Trained, text: str, wanted: str) -> None:
    assert wanted in program("predict", visits.folder, "-", stdin=text.encode(), status=2).stderr


def test_rows_with_dates_are_evaluated_as_training_evaluates_them(visits: Trained, tmp_path: Path) -> None:
    (tmp_path / "all.csv").write_bytes((visits.folder.parent / "visits.csv").read_bytes())
    found = json.loads(program("evaluate", visits.folder, "--data", tmp_path / "all.csv", "--json").stdout)
    kept = [row for row in table_of(visits) if row["born"]]
    right = of_keras(visits, kept).argmax(axis=1) == [["long", "short"].index(row["stayed"]) for row in kept]
    assert found["examples"] == len(kept)
    assert found["metrics"]["accuracy"] == pytest.approx(right.mean())
    assert found["metrics"].keys() == evaluated(visits.folder)["metrics"].keys()
