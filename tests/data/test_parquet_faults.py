"""Parquet files that are broken, unlike each other, or of types that no model takes: each is told by file and place."""

import datetime
import decimal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from runner.data.tables.columns import TableFacts, TableOptions
from runner.data.tables.scan import table_facts
from runner.errors import DataError

ROWS, GROUP = 400, 100
DRAW = np.random.default_rng(0)


def table(**more: Any) -> pa.Table:
    return pa.table({"a": DRAW.normal(size=ROWS), "b": DRAW.normal(size=ROWS), **more})


def write(path: Path, held: pa.Table, **options: Any) -> Path:
    parquet.write_table(held, path, row_group_size=GROUP, use_dictionary=False, **options)
    return path


def flipped(path: Path, group: int, column: int, after: int) -> None:
    """Damage a column's page: its beginning, or values in it."""
    start = parquet.ParquetFile(path).metadata.row_group(group).column(column).data_page_offset + after
    content = bytearray(path.read_bytes())
    content[start : start + 40] = bytes(byte ^ 0xFF for byte in content[start : start + 40])
    path.write_bytes(content)


def refused(paths: list[Path], **types: Any) -> tuple[str, str]:
    with pytest.raises(DataError) as caught:
        table_facts(paths, TableOptions(types=types))
    return str(caught.value), " ".join(caught.value.help)


@pytest.mark.parametrize(
    "cut", [lambda content: content[:-200], lambda content: content[:-30] + content[-8:], lambda content: b""]
)
def test_a_file_without_its_end_is_told_with_the_way_out(tmp_path: Path, cut: Callable[[bytes], bytes]) -> None:
    path = write(tmp_path / "t.parquet", table())
    path.write_bytes(cut(path.read_bytes()))
    said, help = refused([path])
    assert said.startswith("t.parquet is not a Parquet file that can be read: ")
    assert "\n" not in said
    assert "copy the file again, or write it again" in help


@pytest.mark.parametrize("compression", ["none", "snappy", "zstd"])
def test_a_broken_page_is_told_with_its_row_group_and_column(tmp_path: Path, compression: str) -> None:
    whole, broken = (write(tmp_path / name, table(), compression=compression) for name in ("1.parquet", "2.parquet"))
    flipped(broken, group=2, column=1, after=0)
    said, help = refused([whole, broken])
    assert said.startswith("2.parquet: row group 3 of 4 (rows 201 to 300), column 'b' cannot be read: ")
    assert "\n" not in said
    assert "the 200 rows before can be read" in help


def test_flipped_values_are_found_by_the_checksum_of_their_page(tmp_path: Path) -> None:
    path = write(tmp_path / "t.parquet", table(), compression="none", write_page_checksum=True)
    flipped(path, group=3, column=0, after=300)
    assert "row group 4 of 4 (rows 301 to 400), column 'a' cannot be read" in refused([path])[0]


def test_a_value_that_cannot_be_a_number_is_told_with_its_row(tmp_path: Path) -> None:
    words = [str(number) for number in range(ROWS)]
    words[ROWS - 2] = "eight"
    whole = write(tmp_path / "1.parquet", table(x=pa.array(map(str, range(ROWS)))))
    said, _ = refused([whole, write(tmp_path / "2.parquet", table(x=pa.array(words)))], x="number")
    assert said == "2.parquet: row 399, column 'x': 'eight' is not a number"


def test_files_of_one_table_hold_a_column_in_one_kind(tmp_path: Path) -> None:
    numbers = write(tmp_path / "1.parquet", table(x=pa.array(range(ROWS))))
    words = write(tmp_path / "2.parquet", table(x=pa.array(["w", "v"] * (ROWS // 2))))
    said, help = refused([numbers, words])
    assert said == "2.parquet: column 'x' holds string, in 1.parquet it holds int64"
    assert "columns: {x: {type: category}}" in help
    both = table_facts([numbers, words], TableOptions(types={"x": "category"}))
    assert both.column("x").type == "category"
    alike = [pa.array(range(ROWS), pa.int8()) if k == 3 else pa.array(np.arange(ROWS) % 9, kind)
             for k, kind in enumerate([pa.float32(), pa.int32(), pa.float64()])]  # fmt: skip
    paths = [write(tmp_path / f"n{k}.parquet", table(x=array)) for k, array in enumerate([*alike, pa.nulls(ROWS)])]
    assert (table_facts(paths).column("x").type, table_facts(paths).column("x").missing) == ("number", ROWS)


def facts_of(tmp_path: Path, array: Any, **types: Any) -> TableFacts:
    return table_facts([write(tmp_path / "x.parquet", table(x=array))], TableOptions(types=types))


MOMENTS = [datetime.datetime(2026, 1, 1) + datetime.timedelta(hours=k) for k in range(ROWS)]
TAKEN = {
    "decimal": (pa.array([decimal.Decimal("1.25") * k for k in range(ROWS)]), "number"),
    "zone": (pa.array(MOMENTS, pa.timestamp("ms", "Europe/Berlin")), "date"),
    "dictionary": (pa.array(["u", "v"] * (ROWS // 2)).dictionary_encode(), "binary"),
    "large_string": (pa.array(["u", "v", "w", "u"] * (ROWS // 4), pa.large_string()), "category"),
    "null": (pa.nulls(ROWS), "ignore"),
    "no strings": (pa.nulls(ROWS, pa.string()), "ignore"),
    "no numbers": (pa.nulls(ROWS, pa.float64()), "ignore"),
}
REFUSED = {
    "list": (pa.array([[1.0, 2.0]] * ROWS), "list<element: double>"),
    "nested": (pa.array([{"p": 1.0}] * ROWS), "struct<p: double>"),
    "bytes": (pa.array([b"u"] * ROWS), "binary"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_types_of_parquet_are_read_for_what_they_hold(tmp_path: Path, name: str) -> None:
    array, kind = TAKEN[name]
    column = facts_of(tmp_path, array).column("x")
    assert column.type == kind
    if kind == "ignore":
        assert (column.note, column.missing) == ("no row has a value", ROWS)


@pytest.mark.parametrize("name", REFUSED)
def test_a_column_that_holds_no_values_is_ignored_and_refused_where_it_is_wanted(tmp_path: Path, name: str) -> None:
    array, stored = REFUSED[name]
    assert facts_of(tmp_path, array).column("x").type == "ignore"
    said, help = refused([tmp_path / "x.parquet"], x="number")
    assert said == (f"column 'x' of x.parquet holds {stored}, neither numbers, dates nor text; it can only be ignored")
    assert "columns: {x: {type: ignore}}" in help
