"""Tables by position: what the file says, whatever way it is asked for, until the file changes."""

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from sklearn.datasets import load_breast_cancer

from runner.data.tables.columns import TableOptions
from runner.data.tables.scan import table_facts
from runner.data.tables.store import stored_table
from runner.data.tables.table import Table
from runner.errors import DataError

MIXED = 'n,i,c,b,d,t\n0.1,1,x,no,2020-01-02,"a, ""b"""\n,300,,yes,,\n-5e-1,-2,y,no,1999-12-31 12:00:00,ä\n9,4,x,no,,c\n'


def opened(folder: Path, text: str, **options: object) -> Table:
    path = folder / "t.csv"
    path.write_text(text)
    return stored_table(table_facts([path], TableOptions(**options)), folder / "cache")  # type: ignore[arg-type]


def test_values_are_the_files(tmp_path: Path) -> None:
    rows = opened(tmp_path, MIXED, types={"t": "text", "c": "category"}).rows(0, 4)
    assert np.array_equal(rows["n"], [0.1, np.nan, -0.5, 9], equal_nan=True)
    assert rows["i"].tolist() == [1, 300, -2, 4]
    assert rows["c"].tolist() == [0, -1, 1, 0]
    assert rows["b"].tolist() == [0, 1, 0, 0]
    assert np.array_equal(rows["d"][[0, 2]], np.array(["2020-01-02", "1999-12-31T12"], "datetime64[us]"))
    assert np.isnat(rows["d"][1])
    assert rows["t"].tolist() == ['a, "b"', None, "ä", "c"]


def test_numbers_lose_no_digit(tmp_path: Path) -> None:
    data = load_breast_cancer().data
    with (tmp_path / "c.csv").open("w", newline="") as file:
        csv.writer(file).writerows([[f"f{i}" for i in range(30)], *data.tolist()])
    table = stored_table(table_facts([tmp_path / "c.csv"]), tmp_path)
    assert np.array_equal(np.stack([*table.rows(0, 569).values()], 1), data)
    big = opened(tmp_path, "x\n1000000000.123\n9007199254740992\n-129\n").column("x")
    assert big.tolist() == [1000000000.123, 9007199254740992, -129]


@pytest.mark.parametrize("limit", [127, 128, 129, 32767, 32768, 2**31 - 1, 2**31, -128, -(2**31) - 1])
def test_integers_of_any_size_come_back(tmp_path: Path, limit: int) -> None:
    assert opened(tmp_path, f"x,y\n{limit},a\n0,b\n{-limit},c\n").column("x").tolist() == [limit, 0, -limit]


def test_rows_are_given_by_position_over_many_batches_and_files(tmp_path: Path) -> None:
    for number in range(3):
        n = 100_000
        values = np.arange(n) + number * n
        names = np.char.add("w", (values % 11).astype(str))
        parquet.write_table(pa.table({"x": values, "w": names}), tmp_path / f"{number}.parquet")
    table = stored_table(table_facts(sorted(tmp_path.glob("*.parquet"))), tmp_path / "cache")
    for start, stop in [(0, 3), (65_530, 65_540), (99_999, 200_001), (299_999, 300_000), (5, 5), (300_000, 300_000)]:
        assert np.array_equal(table.rows(start, stop)["x"], np.arange(start, stop))
    positions = np.random.default_rng(0).integers(0, 300_000, 5_000)
    found = table.take(positions)
    assert np.array_equal(found["x"], positions)
    words = np.array(table.facts.column("w").words)
    assert words[found["w"]].tolist() == [f"w{p % 11}" for p in positions]
    assert table.take(np.array([], np.int64))["x"].shape == (0,)


@pytest.mark.parametrize("place", [-1, 4])
def test_positions_outside_are_refused(tmp_path: Path, place: int) -> None:
    table = opened(tmp_path, MIXED)
    with pytest.raises(IndexError):
        table.take(np.array([place]))
    with pytest.raises(IndexError):
        table.rows(place, place + 1)


def test_only_wanted_columns_are_opened_and_ignored_ones_are_not_there(tmp_path: Path) -> None:
    table = opened(tmp_path, MIXED, types={"c": "ignore"})
    assert list(table.rows(0, 1, ["b", "n"])) == ["b", "n"]
    with pytest.raises(DataError, match="column 'c' not found"):
        table.column("c")


def test_the_cache_is_used_again_and_mended(tmp_path: Path) -> None:
    table = opened(tmp_path, MIXED)
    (stored,) = (tmp_path / "cache").iterdir()
    before = stored.stat().st_mtime_ns
    stored_table(table.facts, tmp_path / "cache")
    assert stored.stat().st_mtime_ns == before
    stored.write_bytes(stored.read_bytes()[:100])
    assert stored_table(table.facts, tmp_path / "cache").column("i").tolist() == [1, 300, -2, 4]


def test_other_types_are_another_file_of_the_cache(tmp_path: Path) -> None:
    opened(tmp_path, MIXED)
    opened(tmp_path, MIXED, types={"i": "category"})
    assert len([*(tmp_path / "cache").iterdir()]) == 2


def test_a_file_that_changed_since_the_facts_is_refused(tmp_path: Path) -> None:
    facts = opened(tmp_path, MIXED).facts
    (tmp_path / "t.csv").write_text(MIXED.replace("300", "301"))
    with pytest.raises(DataError, match=r"t.csv has changed"):
        stored_table(facts, tmp_path / "cache")


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, no folder")
    with pytest.raises(DataError, match="cannot be stored in"):
        opened(tmp_path, MIXED)
