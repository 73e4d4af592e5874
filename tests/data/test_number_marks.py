"""Numbers with a decimal comma or marks between thousands, and what is said of words that are numbers or dates."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from runner.data.access import DataAccess
from runner.data.sources import source_of
from runner.data.tables.column_values import numbers
from runner.data.tables.hints import hint
from runner.data.tables.number_form import NumberForm
from runner.errors import DataError
from runner.inference.inputs.of_model import _columns
from runner.inference.inputs.table_rows import blocks
from runner.plan.make_plan import make_plan
from schemas.recipe import Recipe
from schemas.table_data import CsvData
from tests.schemas.rules_helpers import recipe

GERMAN = NumberForm(",", ".")


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        (GERMAN, "1.234.567,25", 1234567.25),
        (GERMAN, " -3,5 ", -3.5),
        (GERMAN, "1.234", 1234.0),
        (GERMAN, "12", 12.0),
        (GERMAN, ",5", 0.5),
        (GERMAN, "1,5e3", 1500.0),
        (GERMAN, None, None),
        (NumberForm(".", ","), "1,234.5", 1234.5),
        (NumberForm(",", " "), "1\u00a0234,5", 1234.5),
        (NumberForm(".", "'"), "1'234'567", 1234567.0),
        (NumberForm(","), "0,25", 0.25),
    ],
)
def test_marks_are_read(form: NumberForm, text: str | None, value: float | None) -> None:
    assert numbers(pa.array([text], pa.string()), form).array.to_pylist() == [value]


@pytest.mark.parametrize("text", ["1.5", "1.23", "1,2,3", "12.34,5", "1234.567", "twelve", "", "-", "1,234.5", "."])
def test_a_mark_in_another_place_is_no_number(text: str) -> None:
    """1.5 is a number in English; with points between thousands it must not become 15."""
    values = numbers(pa.array(["7", text], pa.string()), GERMAN)
    assert values.faults == 1
    assert values.fault is not None
    assert (values.fault.row, values.fault.reason) == (1, f"{text!r} is not a number")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["1.234,50", "3,25", "12,5", "7,0", "1,75"], "decimal: ','` and `thousands: \".\""),
        (["3,25", "12,5", "7,0", "1,75", "1,2"], "decimal: ','"),
        (["1,234", "12,500", "7,001", "1,755", "1,200.5"], 'numbers with `thousands: ","'),
        (["01.02.2024", "13.02.2024", "28.02.2024", "01.03.2024", "02.03.2024"], "format: '%d.%m.%Y'"),
        (["01/31/2024 10:00", "02/28/2024 11:30", "01/15/2024 00:00", "03/16/2024 09:09", "12/17/2024 1:01"], "%m/%d"),
        (["156.0 m2", "80 m2", "92.5 m2", "101 m2", "77 m2"], "these are numbers with 'm2', such as '156.0 m2'"),
        (["12 %", "7%", "30 %", "1 %", "99 %"], "numbers with '%'"),
        (["$1,200", "$950", "$2,000.50", "$30", "$7"], "numbers with '$'"),
        (["1,200.50 €", "950 €", "2,000 €", "3 €", "7 €"], "numbers with '€'"),
        (
            ["1e3 kg", "2 kg", "500 g", "3.5 kg", "1 g"],
            "'kg' or 'g', such as '1e3 kg'; write plain numbers, and of one",
        ),
        (
            ["1.5", "-", "2", "-", "3", "7"],
            "others are '-'; if they mark missing values, write `missing_values: ['', NA, ",
        ),
        (["1.5", "none", "2", "unknown", "3", "7"], "'none' or 'unknown'"),
        (["1st", "2nd", "3rd", "4th", "5th"], ""),
        (["2wd", "4wd", "2wd", "4wd", "2wd"], ""),
        (["10-19", "20-29", "30-39", "40-49", "50-59"], ""),
        (["1234 AB", "2345 CD", "3456 EF", "4567 GH", "5678 IJ"], ""),
        (["1.2.3", "1.2.4", "1.2.5", "1.3.0", "2.0.0"], ""),
        (["a", "b", "1", "2", "c", "d"], ""),
        (["A1", "A2", "A3", "A4", "A5"], ""),
        (["Berlin", "Köln", "3,5", "4,5", "5,5"], ""),
        (["1,5", "2,5"], ""),
    ],
)
def test_words_that_are_numbers_or_dates_have_a_hint(words: list[str], says: str) -> None:
    assert says in hint(words) if says else hint(words) == ""


def _opened(folder: Path, **data: Any) -> Any:
    rows = [f"{k % 9},{k % 10};1.{k:03};{k % 4},5;{'ja' if k % 3 else 'nein'}" for k in range(60)]
    (folder / "t.csv").write_text("\n".join(["rate;pay;few;y", *rows]) + "\n")
    tree = recipe({"data": {"source": "csv", "files": "t.csv", "target": "y", **data}})
    asked = Recipe.model_validate(tree)
    source = source_of(asked.data, DataAccess().within(folder), asked)
    return asked, source


def test_a_table_with_marks_is_one_of_numbers(tmp_path: Path) -> None:
    asked, source = _opened(tmp_path, decimal=",", thousands=".")
    facts = source.facts(lambda message: None)
    assert [column.type for column in facts.columns] == ["number", "number", "number", "category"]
    assert not [warning for warning in make_plan(asked, facts).warnings if warning.code == "R692"]
    assert isinstance(asked.data, CsvData)
    taken = _columns({"rate": True, "pay": True, "few": True}, asked.data, {})
    ((_, columns),) = blocks(tmp_path / "t.csv", "t.csv", taken)
    assert np.allclose(columns["rate"][:3, 0], [0.0, 1.1, 2.2])
    assert columns["pay"][:3, 0].tolist() == [1000, 1001, 1002]


def test_what_is_read_as_words_is_told_with_the_keys_that_read_it(tmp_path: Path) -> None:
    asked, source = _opened(tmp_path)
    told = [one.message for one in make_plan(asked, source.facts(lambda message: None)).warnings if one.code == "R692"]
    assert len(told) == 2, told
    assert "column 'rate' is read as" in told[0]
    assert "`decimal: ','`" in told[0]
    assert "column 'few' is read as category, a word for each value" in told[1]
    declared = {"rate": {"type": "category"}, "few": {"type": "ignore"}}
    asked, source = _opened(tmp_path, columns=declared)
    assert not [one for one in make_plan(asked, source.facts(lambda message: None)).warnings if one.code == "R692"]


def test_words_of_more_spellings_than_two_are_a_category(tmp_path: Path) -> None:
    rows = "\n".join(f"{k},{('Yes', 'yes', 'YES', 'no')[k % 4]},{k % 2}" for k in range(40))
    (tmp_path / "t.csv").write_text(f"a,b,y\n{rows}\n")
    asked = Recipe.model_validate(recipe({"data": {"source": "csv", "files": "t.csv", "target": "y"}}))
    facts = source_of(asked.data, DataAccess().within(tmp_path), asked).facts(lambda message: None)
    assert [column.type for column in facts.columns][1] == "category"


def test_a_column_of_parts_without_a_training_part_says_what_it_holds(tmp_path: Path) -> None:
    rows = "\n".join(f"{k},{('tr', 'va')[k % 2]},{k % 3 % 2}" for k in range(40))
    (tmp_path / "t.csv").write_text(f"a,part,y\n{rows}\n")
    splits = {"by": "column", "column": "part"}
    data = {"source": "csv", "files": "t.csv", "target": "y", "splits": splits}
    asked = Recipe.model_validate(recipe({"data": data}))
    with pytest.raises(DataError, match="no row trains") as refused:
        source_of(asked.data, DataAccess().within(tmp_path), asked).facts(lambda message: None)
    assert refused.value.help == ("column 'part' holds 'tr', 'va'", "say which train: `words: {train: [tr], …}`")


def test_a_number_of_another_form_is_named_with_its_row(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a;y\n" + "".join(f"{k},5;{k % 2}\n" for k in range(30)) + "1.5;0\n")
    data = {"source": "csv", "files": "t.csv", "target": "y", "decimal": ","}
    asked = Recipe.model_validate(recipe({"data": data}))
    with pytest.raises(DataError, match=r"row 31, column 'a': '1\.5' is not a number"):
        source_of(asked.data, DataAccess().within(tmp_path), asked).facts(lambda message: None)


def test_a_declared_date_of_another_form_is_told_with_its_format(tmp_path: Path) -> None:
    rows = "\n".join(f"{k + 1:02}.03.2024,{k}" for k in range(12))
    (tmp_path / "t.csv").write_text(f"day,y\n{rows}\n")
    data = {"source": "csv", "files": "t.csv", "target": "y", "columns": {"day": {"parts": ["month"]}}}
    asked = Recipe.model_validate(recipe({"data": data}))
    with pytest.raises(DataError, match=r"row 1, column 'day': '01\.03\.2024' is not a date") as caught:
        source_of(asked.data, DataAccess().within(tmp_path), asked).facts(lambda message: None)
    assert "these are dates with `format: '%d.%m.%Y'`" in caught.value.help
