"""Columns of dates: their parts, what is learnt of them, and what is said of those that are none."""

from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import numpy as np
import pyarrow as pa
import pytest

from runner.data.statistics.date_parts import part_of
from runner.data.statistics.date_treatment import FittedDate
from runner.data.tables.column_values import date_words, dates
from runner.data.tabular.prepared import PreparedTable
from runner.errors import DataError
from schemas.date_format import date_fields
from schemas.table_data import DatePart
from tests.data.test_table_source import IN_MEMORY, facts, source

WHEN = {"parts": ["year", "day"], "cyclic": ["weekday"], "indicator": True}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    lines = ["review,x,when"]
    for n in range(100):
        when = "" if n % 10 == 9 else f"{2020 + n % 3}-03-{n % 28 + 1:02}T{n % 24:02}:30"
        lines.append(f"{'good' if n % 3 else 'bad'},{n % 7},{when}")
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def fitted(folder: Path, **options: object) -> FittedDate:
    found = facts(folder, columns={"when": options}).details
    assert isinstance(found, PreparedTable)
    learnt = found.fitted["when"]
    assert isinstance(learnt, FittedDate)
    return learnt


def test_parts_are_those_of_pythons_calendar() -> None:
    days = [date(1600, 1, 1) + timedelta(k) for k in range(0, 292_000, 7)]
    moments = np.array(days, "M8[us]") + np.timedelta64(23 * 60 + 59, "m")
    first = date(1970, 1, 1).toordinal()
    wanted = {
        "year": [day.year for day in days],
        "month": [day.month for day in days],
        "day": [day.day for day in days],
        "weekday": [day.isoweekday() for day in days],
        "yearday": [day.timetuple().tm_yday for day in days],
        "hour": [23] * len(days),
        "minute": [59] * len(days),
        "days": [day.toordinal() - first for day in days],
    }
    assert set(wanted) == set(get_args(DatePart))
    for part in get_args(DatePart):
        np.testing.assert_array_equal(part_of(moments, part), wanted[part])
    assert np.isnan(part_of(np.array(["NaT"], "M8[us]"), "hour")).all()


def test_parts_are_scaled_like_numbers_and_circles_close(folder: Path) -> None:
    learnt = fitted(folder, **WHEN)
    assert (learnt.parts, learnt.width) == (("year", "day", "weekday"), 5)
    moments = np.array(["2021-03-01", "2021-03-07", "2021-03-08", "NaT"], "M8[us]")  # Monday, Sunday, Monday
    year = learnt.numbers[0]
    out = learnt.apply(moments)
    np.testing.assert_allclose(out[:3, 0], (2021 - year.offset) * year.factor, atol=1e-6)
    np.testing.assert_allclose(
        out[:3, 2:4], [[0, 1], [-np.sin(2 * np.pi / 7), np.cos(2 * np.pi / 7)], [0, 1]], atol=1e-6
    )
    np.testing.assert_allclose(out[3], [0, 0, 0, 0, 1], atol=1e-6)  # means, the circle's centre, and the sign


def test_the_plan_shows_the_numbers_of_a_date_and_leaves_out_what_is_constant(folder: Path) -> None:
    found = facts(folder, columns={"when": {"parts": ["year", "month"], "cyclic": ["hour"]}})
    (when,) = (column for column in found.columns if column.name == "when")
    assert (when.role, when.width, when.note) == ("input", 3, "year, hour on a circle, constant: month")
    assert (found.shape, found.encoded) == ((3,), (4,))
    found = facts(folder, columns={"when": {"parts": ["month"]}})
    (when,) = (column for column in found.columns if column.name == "when")
    assert (when.role, when.note) == ("not used", "one value in the training part")


def test_rows_without_a_date_can_be_dropped(folder: Path) -> None:
    found = facts(folder, columns={"when": {"parts": ["year"], "missing": "drop"}})
    assert found.train + found.validation + found.test == 90
    read = source(folder, columns={"when": {"parts": ["year"], "missing": "drop"}}).load(found, IN_MEMORY, 0)
    assert not np.isnan(read.train.x).any()
    assert fitted(folder, parts=["year"], missing="drop").needed


def test_the_date_that_divides_rows_by_time_can_be_an_input_too(folder: Path) -> None:
    divided = {"splits": {"by": "time", "column": "when"}}
    drop = {"missing": "drop"}
    found = facts(folder, columns={"when": {"parts": ["hour"], **drop}}, **divided)
    assert [column.role for column in found.columns] == ["target", "input", "input"]
    (folder / "t.csv").write_text(
        "\n".join(line for line in (folder / "t.csv").read_text().split("\n") if line[-1:] != ",")
    )
    found = facts(folder, **divided)
    assert [column.role for column in found.columns] == ["target", "input", "split"]


@pytest.mark.parametrize(
    ("value", "form", "says"),
    [
        ("2026-02-30", None, "row 101, column 'when': '2026-02-30' is not a date such as 2026-11-27"),
        ("31.02.2026", "%d.%m.%Y", "is not a date of the form %d.%m.%Y"),
        ("soon", None, "'soon' is not a date"),
    ],
)
def test_a_value_that_is_no_date_is_named_by_its_row(folder: Path, value: str, form: str | None, says: str) -> None:
    with (folder / "t.csv").open("a") as file:
        if form is None:
            file.write(f"good,1,{value}\n")
        else:
            file.seek(0)
            file.truncate()
            file.write(f"review,x,when\ngood,1,01.03.2026\nbad,1,{value}\n")
    with pytest.raises(DataError, match="is not a date") as caught:
        facts(folder, columns={"when": {"parts": ["year"]} | ({} if form is None else {"format": form})})
    assert says in str(caught.value)


def test_days_that_a_month_does_not_have_are_refused_in_every_format() -> None:
    texts = ["31.04.2026", "29.02.2023", "29.02.2024", "30.01.2026 29:00", "31.12.2026"]
    found = dates(pa.array(texts), "%d.%m.%Y").array.to_pylist()
    assert [value is not None for value in found] == [False, False, True, False, True]
    assert dates(pa.array(["2023-02-29"]), "%F").array.null_count == 1
    assert dates(pa.array(["2024-02-29 10:31"]), "%F %R").array.null_count == 0


@pytest.mark.parametrize("form", [None, "%d.%m.%Y %H:%M", "%y%m%d"])
def test_moments_are_written_so_that_they_are_read_back(form: str | None) -> None:
    moments = pa.array(np.array(["2026-01-02T03:04", "1999-12-31", "NaT"], "M8[us]"))
    expected = moments if form != "%y%m%d" else pa.array(np.array(["2026-01-02", "1999-12-31", "NaT"], "M8[us]"))
    assert dates(date_words(moments, form), form).array.equals(expected)


def test_digits_that_nothing_separates_are_one_group() -> None:
    places = [(field.unit, field.group, field.start) for field in date_fields("%H%M %d%m%Y")]
    assert places == [("H", 1, 0), ("M", 1, 2), ("d", 2, 0), ("m", 2, 2), ("Y", 2, 4)]
