"""Facts of tables: every row is looked at, types are inferred from all of them, what is wrong has its place."""

import csv
import gzip
import io
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from sklearn.datasets import load_iris

from runner.data.tables.columns import ColumnType, TableFacts, TableOptions
from runner.data.tables.scan import table_facts
from runner.errors import DataError

REVIEWS = Path(os.environ.get("TFDS_DATA_DIR", "/nowhere")).parent / "reviews.csv"


def written(folder: Path, text: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def facts_of(folder: Path, text: str | bytes, **options: object) -> TableFacts:
    return table_facts([written(folder, text)], TableOptions(**options))  # type: ignore[arg-type]


def fault(folder: Path, text: str | bytes, **options: object) -> DataError:
    with pytest.raises(DataError) as caught:
        facts_of(folder, text, **options)
    return caught.value


def column(values: list[object], name: str = "x") -> str:
    return "\n".join([f"other,{name}", *(f"k,{value}" for value in values)]) + "\n"


def test_iris_has_four_numbers_and_a_category(tmp_path: Path) -> None:
    iris = load_iris()
    with (tmp_path / "iris.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow([*iris.feature_names, "species"])
        out.writerows([*x, iris.target_names[y]] for x, y in zip(iris.data, iris.target, strict=True))
    facts = table_facts([tmp_path / "iris.csv"])
    assert len(facts) == 150
    assert [c.type for c in facts.columns] == ["number"] * 4 + ["category"]
    assert facts.columns[-1].words == ("setosa", "versicolor", "virginica")


@pytest.mark.skipif(not REVIEWS.is_file(), reason="reviews.csv lies beside TFDS_DATA_DIR, which is not set")
def test_reviews_are_a_text_a_binary_label_and_a_category() -> None:
    facts = table_facts([REVIEWS])
    assert len(facts) == sum(1 for _ in csv.reader(io.StringIO(REVIEWS.read_text(), newline=""))) - 1
    assert [c.type for c in facts.columns] == ["text", "binary", "category"]
    assert facts.column("label").words == ("fresh", "rotten")


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "2.5", " 3 ", "-4e-3"], "number"),
        (["1", "NA", "?", "nan", "", "2"], "number"),
        (["0", "1", "1", "0"], "binary"),
        (["1", "2", "1", "2"], "number"),
        (["yes", "no", "no", "yes"], "binary"),
        (["a", "b", "c", "a", "b", "c"], "category"),
        (["the one", "the other", "another"], "text"),
        (["2020-01-02", "2021-12-31 10:00:00", "2020/05/06"], "date"),
        (["2020-01-02T00:00:00Z", "2020-01-02T00:00:00+02:00"], "date"),
        (["a/1.jpg", "a/2.PNG"], "image"),
        (["", "NA"], "ignore"),
        (["0x10", "0x11"], "text"),
        (["01/02/2020", "13/02/2020"], "text"),
    ],
)
def test_types_are_inferred(tmp_path: Path, values: list[object], kind: str) -> None:
    assert facts_of(tmp_path, column(values)).column("x").type == kind


def test_a_late_value_decides_as_well_as_an_early_one(tmp_path: Path) -> None:
    values = [str(i % 7) for i in range(30_000)] + ["b"] * 10_000
    assert facts_of(tmp_path, column([*values])).column("x").type == "category"


@pytest.mark.parametrize("name", ["id", "", "Unnamed: 0", "index"])
def test_a_column_that_counts_the_rows_is_ignored(tmp_path: Path, name: str) -> None:
    found = facts_of(tmp_path, column([7, 8, 9, 10], name)).columns[1]
    assert (found.type, found.note) == ("ignore", "it counts the rows")


@pytest.mark.parametrize(("name", "values"), [("year", [1, 2, 3]), ("id", [1, 3, 2]), ("id", [1, 2, ""])])
def test_other_columns_of_rising_numbers_are_kept(tmp_path: Path, name: str, values: list[object]) -> None:
    assert facts_of(tmp_path, column(values, name)).columns[1].type == "number"


@pytest.mark.parametrize("kind", ["category", "text", "ignore", "binary", "number"])
def test_a_type_may_be_declared(tmp_path: Path, kind: ColumnType) -> None:
    found = facts_of(tmp_path, column(["0", "1", "0"]), types={"x": kind}).column("x")
    assert (found.type, found.declared) == (kind, True)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("eight", "'eight' is not a number"),
        ("1e400", "'1e400' is beyond the range of a number (1.8e308)"),
        ("-1e999", "'-1e999' is beyond the range of a number (1.8e308)"),
        ("inf", "'inf' is beyond the range of a number (1.8e308)"),
        ("9007199254740993", "'9007199254740993' is an integer with more digits than a number keeps"),
        ("12345678901234567890123", "'12345678901234567890123' is an integer with more digits than a number keeps"),
        ('"1,5"', "'1,5' is not a number"),
        ("0x10", "'0x10' is not a number"),
        ("1_000", "'1_000' is not a number"),
    ],
)
def test_a_value_that_is_no_number_is_named_with_its_row_and_line(tmp_path: Path, value: str, reason: str) -> None:
    text = "a,x\n" + '"two\nlines",1\n\n' + "k,2\n" * 48 + f"k,{value}\n" + "k,3\n" * 9
    for types in ({}, {"x": "number"}):
        error = fault(tmp_path, text, types=types)
        assert str(error) == f"t.csv: row 50, column 'x': {reason}"
        assert error.help[0] == "it begins in line 53 of the file"


def test_integers_that_a_number_keeps_are_numbers(tmp_path: Path) -> None:
    assert facts_of(tmp_path, column(["9007199254740992", "18014398509481984"])).column("x").type == "number"


def test_how_many_more_values_are_wrong_is_said(tmp_path: Path) -> None:
    error = fault(tmp_path, column(["1", "a", "b"]), types={"x": "number"})
    assert "1 other value of the column cannot be used" in error.help


def test_a_date_that_is_none_is_named(tmp_path: Path) -> None:
    error = fault(tmp_path, column(["2020-02-29", "2021-02-29"]), types={"x": "date"})
    assert str(error).startswith("t.csv: row 2, column 'x': '2021-02-29' is not a date")


def test_dates_may_have_a_form_of_their_own(tmp_path: Path) -> None:
    assert (
        facts_of(tmp_path, column(["31.12.2020", "1.2.2021"]), date_formats={"x": "%d.%m.%Y"}).column("x").type
        == "date"
    )
    assert "row 2" in str(fault(tmp_path, column(["31.12.2020", "31.13.2020"]), date_formats={"x": "%d.%m.%Y"}))


@pytest.mark.parametrize("rows", [60, 2_000_000])
@pytest.mark.parametrize(("broken", "has"), [("1,2,3", "3 values"), ("1", "1 value")])
def test_a_row_of_another_width_is_named(tmp_path: Path, rows: int, broken: str, has: str) -> None:
    error = fault(tmp_path, "a,b\n" + "1,2\n" * (rows - 2) + f"{broken}\n1,2\n")
    assert str(error) == f"t.csv: row {rows - 1:,} has {has}, the header has 2"
    assert error.help[0] == f"it begins in line {rows:,} of the file"


def test_a_wrong_value_far_down_is_named(tmp_path: Path) -> None:
    error = fault(tmp_path, "a,x\n" + "1,2.5\n" * 1_999_998 + "1,eight\n1,2\n")
    assert str(error) == "t.csv: row 1,999,999, column 'x': 'eight' is not a number"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (3, "row 2 opens a quote that nothing closes"),
        (3_000_000, "row 2 opens a quote"),
        (6_000_000, "longer than 8 MB"),
    ],
)
def test_an_unclosed_quote_is_told(tmp_path: Path, lines: int, said: str) -> None:
    error = fault(tmp_path, 'a,b\n5,6\n1,"2\n' + "3,4\n" * lines)
    assert said in str(error)
    assert "a quote that is opened and not closed makes all that follows one value" in error.help


def test_a_byte_order_mark_and_blanks_are_not_part_of_a_name(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, b"\xef\xbb\xbftext, label ,\n1,2,a\n3,4,b\n")
    assert [c.name for c in facts.columns] == ["text", "label", "unnamed_3"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b,a\n1,2,3\n", "columns 1 and 3 are both named 'a'"),
        ("a, a\n1,2\n", "columns 1 and 2 are both named 'a'"),
        ("", "is empty"),
        ("a,b\n", "has no rows"),
        ("a,b", "has no rows"),
        ("id,b\n1,\n2,\n", "all columns are ignored"),
        ("1.5,2,3\n4,5,6\n", "the first row holds 1.5, 2, 3: numbers, not names"),
        ("a,b\n1,2\n".encode("utf-16"), "is not a text file in UTF-8"),
        (b"a,b\n1,2\n1,\xe9\n", "line 3 is not in UTF-8: byte 0xe9"),
        (b"a\x00b,c\n1,2\n", "is not a text file in UTF-8"),
    ],
)
def test_files_that_are_no_tables_are_refused(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert said in str(fault(tmp_path, text))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = f'"a, and",b{delimiter}c\n'.replace(",b", delimiter + "b") + delimiter.join("123") + "\n"
    assert [c.name for c in facts_of(tmp_path, text).columns] == ["a, and", "b", "c"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", ["", "{end}{end}"])
def test_line_ends_and_empty_lines_do_not_count(tmp_path: Path, end: str, before: str) -> None:
    text = before.replace("{end}", end) + end.join(["a,b", "1,2", "", "3,4", ""])
    facts = facts_of(tmp_path, text.encode())
    assert (len(facts), [c.type for c in facts.columns]) == (2, ["number", "number"])


def test_a_packed_file_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(b"a,b\n1,2\n"), "t.csv.gz")
    with pytest.raises(DataError, match=r"t\.csv\.gz is compressed"):
        table_facts([path])


@pytest.mark.parametrize("rows", ['[\n  {"a": 1, "b": 2}\n]', '{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n'])
def test_rows_of_json_are_told(tmp_path: Path, rows: str) -> None:
    with pytest.raises(DataError, match=r"t\.json holds JSON") as caught:
        table_facts([written(tmp_path, rows.encode(), "t.json")])
    assert caught.value.help == ("save the rows as CSV or Parquet",)


def test_a_column_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "review,label\nx,y\n")
    with pytest.raises(DataError, match=r"column 'reveiw' not found in t.csv; it has 'review', 'label'") as caught:
        facts.column("reveiw")
    assert caught.value.help == ("did you mean 'review'?",)
    assert "column 'lable' not found" in str(fault(tmp_path, "review,label\nx,y\n", types={"lable": "text"}))


def test_missing_and_constant_values_are_counted(tmp_path: Path) -> None:
    found = facts_of(tmp_path, column(["3", "", "3", "NA"])).column("x")
    assert (found.missing, found.distinct, found.constant) == (2, 1, True)


def test_declared_binary_with_three_values_is_refused(tmp_path: Path) -> None:
    assert "has 3 different values: 'a', 'b', 'c'" in str(fault(tmp_path, column(list("abc")), types={"x": "binary"}))


def test_several_files_are_one_table_with_rows_numbered_in_each(tmp_path: Path) -> None:
    first = written(tmp_path, "a,b\n1,2\n3,4\n", "1.csv")
    second = written(tmp_path, "b,a\n5,6\n", "2.csv")
    facts = table_facts([first, second])
    assert (len(facts), facts.rows) == (3, (2, 1))
    second.write_text("b,a\n5,6\nx,7\n")
    with pytest.raises(DataError, match=r"2.csv: row 2, column 'b': 'x' is not a number"):
        table_facts([first, second], TableOptions(types={"b": "number"}))
    second.write_text("b,c\n5,6\n")
    with pytest.raises(DataError, match=r"2.csv lacks 'a', has also 'c', unlike 1.csv"):
        table_facts([first, second])


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    table = pa.table(
        {
            "n": pa.array([1, None, 3], pa.int64()),
            "f": pa.array([1.5, float("nan"), None], pa.float32()),
            "b": [True, False, None],
            "c": pa.array(["x", "y", "x"]).dictionary_encode(),
            "d": pa.array([0, 1, 2], pa.date32()),
            "l": [[1], [2], [3]],
        }
    )
    parquet.write_table(table, tmp_path / "t.parquet")
    facts = table_facts([tmp_path / "t.parquet"])
    assert [c.type for c in facts.columns] == ["number", "number", "binary", "binary", "date", "ignore"]
    assert [c.missing for c in facts.columns] == [1, 2, 1, 0, 0, 0]


def test_parquet_values_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    parquet.write_table(pa.table({"n": [1.0] * 70_000 + [np.inf]}), path)
    with pytest.raises(DataError, match=r"t.parquet: row 70,001, column 'n': 'inf' is beyond"):
        table_facts([path])
    parquet.write_table(pa.table({"n": [1, 2**53 + 1]}), path)
    with pytest.raises(DataError, match="row 2, column 'n': '9007199254740993' is an integer with more digits"):
        table_facts([path])
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"t.parquet is not a Parquet file"):
        table_facts([path])
