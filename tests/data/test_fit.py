"""From a CSV file to features: learnt from the training part alone, in one pass."""

import csv
from pathlib import Path

import numpy as np
import pytest
from mlxtend.data import autompg_data

from runner.data.splits.shares import by_share
from runner.data.statistics.fit import features, fit_columns, kept_positions
from runner.data.statistics.number_treatment import NumberTreatment
from runner.data.statistics.word_treatment import WordTreatment
from runner.data.tables.columns import TableOptions
from runner.data.tables.scan import table_facts
from runner.data.tables.store import stored_table
from runner.data.tables.table import Table
from runner.errors import DataError

NAMES = ("cylinders", "displacement", "horsepower", "weight", "acceleration", "year", "origin", "name")


def autompg(folder: Path, change: dict[int, str] | None = None) -> Table:
    """The sample as a CSV file; every 50th horsepower is missing."""
    rows, _ = autompg_data()
    path = folder / "autompg.csv"
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(NAMES[: rows.shape[1]])
        for number, row in enumerate(rows.tolist()):
            power = "?" if number % 50 == 0 else (change or {}).get(number, row[2])
            out.writerow([*row[:2], power, *row[3:]])
    facts = table_facts([path], TableOptions(types={"origin": "category", "cylinders": "category"}))
    return stored_table(facts, folder / "cache")


TREATMENTS = {
    "horsepower": NumberTreatment(missing="median", indicator=True),
    "weight": NumberTreatment(),
    "origin": WordTreatment(),
    "cylinders": WordTreatment(encoding="index", at_least=10),
}


def test_features_of_autompg(tmp_path: Path) -> None:
    table = autompg(tmp_path)
    train = by_share(len(table), {"train": 0.8, "test": 0.2}, 0)["train"]
    fitted = fit_columns(table, train, TREATMENTS)
    power, weight = table.column("horsepower")[train], table.column("weight")[train]
    words = {column.name: column.words for column in table.facts.columns}
    found = features(table.take(train), fitted, words)
    there = power[~np.isnan(power)]
    filled = np.where(np.isnan(power), np.median(there), power)
    np.testing.assert_allclose(found["horsepower"][:, 0], (filled - there.mean()) / there.std(), atol=1e-6)
    assert found["horsepower"][:, 1].sum() == np.isnan(power).sum() > 0
    np.testing.assert_allclose(found["weight"][:, 0], (weight - weight.mean()) / weight.std(), atol=1e-6)
    assert found["origin"].shape == (len(train), 4)
    assert found["origin"].sum(1).tolist() == [1] * len(train)
    assert set(np.unique(found["cylinders"])) == {0, 1, 2, 3}  # those with 3 and 5 cylinders are rare


def test_only_the_training_part_counts(tmp_path: Path) -> None:
    table = autompg(tmp_path)
    parts = by_share(len(table), {"train": 0.8, "test": 0.2}, 0)
    outside, inside = (int(next(row for row in parts[name] if row % 50)) for name in ("test", "train"))
    before = fit_columns(table, parts["train"], TREATMENTS)
    for row, same in ((outside, True), (inside, False)):
        folder = tmp_path / str(row)
        folder.mkdir()
        changed = autompg(folder, {row: "9999"})
        assert (fit_columns(changed, parts["train"], TREATMENTS) == before) == same


def test_rows_without_a_value_are_dropped_and_take_no_part(tmp_path: Path) -> None:
    table = autompg(tmp_path)
    treatments = {"horsepower": NumberTreatment(missing="drop"), "weight": NumberTreatment()}
    everything = np.arange(len(table))
    kept = kept_positions(table, everything, treatments)
    assert np.array_equal(kept, everything[everything % 50 != 0])
    fitted = fit_columns(table, everything, treatments)["weight"]
    assert fitted.offset == pytest.approx(table.column("weight")[kept].mean(), rel=1e-12)  # type: ignore[union-attr]
    assert np.array_equal(kept_positions(table, everything, {}), everything)


def test_a_treatment_suits_its_column(tmp_path: Path) -> None:
    table = autompg(tmp_path)
    with pytest.raises(DataError, match="column 'origin' is of type category; its treatment is one of numbers"):
        fit_columns(table, np.arange(9), {"origin": NumberTreatment()})
    with pytest.raises(DataError, match="column 'wieght' not found"):
        fit_columns(table, np.arange(9), {"wieght": NumberTreatment()})
