"""source: windows: from files to windows of three parts, in memory and streamed."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet
import pytest

from runner.data.access import DataAccess
from runner.data.examples import Dataset, Examples
from runner.data.facts import DataFacts
from runner.data.placement import Placement, Window, placement
from runner.data.series.prepared import PreparedSeries
from runner.data.series.windowed import WindowedExamples
from runner.data.sources import source_of
from runner.data.streaming.block_order import StreamedSplit, collected
from runner.errors import DataError
from schemas.recipe import Recipe

IN_MEMORY, STREAMED = Placement(None, True, 0), Placement(Window(7, 3), False, 0)
ROWS = 200


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    write(tmp_path)
    return tmp_path


def lines() -> list[str]:
    """Hours with two columns of numbers, one of 0 and 1, and one of words."""
    start = np.datetime64("2026-01-01T00:00")
    return [
        f"{start + np.timedelta64(n, 'h')},{n / 8},{(n * 37 % 50) / 2},{n % 2},{'ab'[n % 3 == 0]}" for n in range(ROWS)
    ]


def write(folder: Path, change: dict[int, str | None] | None = None) -> None:
    """A file of the series with some of its rows (from 1) replaced, or left out."""
    rows = [(change or {}).get(number, line) for number, line in enumerate(lines(), 1)]
    text = "\n".join(["when,load,wind,on,word", *(row for row in rows if row is not None)]) + "\n"
    (folder / "s.csv").write_text(text)


def source(folder: Path, **data: Any) -> Any:
    recipe = Recipe.model_validate(
        {
            "recipe": 1,
            "name": "t",
            "task": "regression",
            "data": {"source": "windows", "files": "s.csv", "time": "when", "target": "load", "length": 5, **data},
            "model": {"kind": "sequential", "layers": [{"kind": "flatten"}]},
            "training": {"epochs": 1},
        }
    )
    return source_of(recipe.data, DataAccess().within(folder), recipe)


def facts(folder: Path, **data: Any) -> DataFacts:
    found = source(folder, **data).facts(lambda _: None)
    assert isinstance(found, DataFacts)
    return found


def details(found: DataFacts) -> PreparedSeries:
    assert isinstance(found.details, PreparedSeries)
    return found.details


def refused(folder: Path, **data: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        facts(folder, **data)
    return caught.value


def loaded(folder: Path, where: Placement, **data: Any) -> Dataset:
    found = source(folder, **data)
    result = found.load(found.facts(lambda _: None), where, 0)
    assert isinstance(result, Dataset)
    return result


def test_facts_of_a_series(folder: Path) -> None:
    found = facts(folder)
    assert (found.train, found.validation, found.test) == (155, 15, 15)
    assert (found.shape, found.encoded, found.classes, found.targets) == ((5, 3), (5, 3), None, ())
    assert {column.name: (column.type, column.role) for column in found.columns} == {
        "when": ("date", "time"),
        "load": ("number", "target, input"),
        "wind": ("number", "input"),
        "on": ("number", "input"),
        "word": ("binary", "not used"),
    }
    assert "rows 1 to 160 train, 161 to 180 validate, 181 to 200 test" in found.remarks[0][1]


def test_no_row_of_a_later_part_is_seen_in_training(folder: Path) -> None:
    """Windows by hand, of the values of the file; statistics are those of the first 160 rows."""
    load, dataset = np.arange(ROWS) / 8, loaded(folder, IN_MEMORY, inputs=["load"], horizon=2, stride=3)
    for part, first, last in (("train", 0, 160), ("validation", 160, 180), ("test", 180, 200)):
        split = getattr(dataset, part)
        starts = [start for start in range(0, ROWS, 3) if first <= start and start + 7 <= last]
        assert np.array_equal(split.x[:, :, 0], np.float32([load[start : start + 5] for start in starts]))
        assert np.array_equal(split.y, np.float32([load[start + 5 : start + 7] for start in starts]))
    learnt = details(facts(folder, inputs=["load"])).fitted["load"]
    assert learnt.offset == pytest.approx(load[:160].mean())
    assert learnt.factor == pytest.approx(1 / load[:160].std())


def test_several_targets_come_step_by_step(folder: Path) -> None:
    split = loaded(folder, IN_MEMORY, target=["load", "wind"], horizon=2, inputs=["wind"]).train
    assert facts(folder, target=["load", "wind"], horizon=2).targets == ("load+1", "wind+1", "load+2", "wind+2")
    assert facts(folder, target=["load", "wind"]).targets == ("load", "wind")
    assert facts(folder, horizon=2).targets == ("load+1", "load+2")
    load, wind = np.arange(ROWS) / 8, np.arange(ROWS) * 37 % 50 / 2
    assert isinstance(split, WindowedExamples)
    assert np.array_equal(split.y[3], np.float32([load[8], wind[8], load[9], wind[9]]))


def test_the_series_is_held_once(folder: Path) -> None:
    """Windows that overlap have their values in common: 64 rows seen are no more memory than 5."""
    few, many = facts(folder), facts(folder, length=64, splits={"validation": "0%", "test": "0%", "train": "100%"})
    assert few.shared is not None
    assert many.shared is not None
    assert many.shared < few.shared * 1.3
    assert placement(many, many.shared).window is None
    assert placement(many, many.shared - 1).window is not None
    train = loaded(folder, IN_MEMORY, length=64, splits={"validation": "0%", "test": "0%", "train": "100%"}).train
    assert isinstance(train, WindowedExamples)
    assert train.inputs.values.shape == (ROWS, 3)


def test_streamed_windows_are_those_in_memory(folder: Path) -> None:
    options: dict[str, Any] = {"horizon": 3, "stride": 2, "target": ["wind", "load"]}
    resident, streamed = (loaded(folder, where, **options) for where in (IN_MEMORY, STREAMED))
    for part in ("train", "validation", "test"):
        one, other = getattr(resident, part), getattr(streamed, part)
        assert isinstance(other, StreamedSplit)
        found = collected(other)
        assert np.array_equal(one.x, found.x)
        assert np.array_equal(one.y, found.y)
        assert [np.array_equal(a.x, b.x) for a, b in zip(one.blocks(4), other.blocks(4), strict=True)]
    assert len({split.digest() for split in (streamed.train, streamed.validation, streamed.test)}) == 3  # type: ignore[union-attr]
    assert streamed.train.digest() != loaded(folder, STREAMED).train.digest()


def test_parquet_and_several_files_are_one_series(folder: Path) -> None:
    whole = loaded(folder, IN_MEMORY).train
    rows = (folder / "s.csv").read_text().splitlines(keepends=True)
    (folder / "a-1.csv").write_text("".join(rows[:71]))
    (folder / "a-2.csv").write_text(rows[0] + "".join(rows[71:]))
    parquet.write_table(arrow_csv.read_csv(folder / "s.csv"), folder / "s.parquet")
    for files in ("a-*.csv", "s.parquet"):
        found = loaded(folder, IN_MEMORY, files=files).train
        assert isinstance(found, WindowedExamples)
        assert isinstance(whole, WindowedExamples)
        assert np.array_equal(found.x, whole.x)


def test_a_missing_value_is_told_with_its_row(folder: Path) -> None:
    write(folder, {31: "2026-01-02T06:00,,1,0,a", 40: "2026-01-02T15:00,,1,0,a"})
    error = refused(folder)
    assert "s.csv: row 31 has no 'load'; 1 other row has none either" in str(error)
    assert any("missing: drop" in line for line in error.help)


def test_windows_that_lack_a_value_are_left_out_or_filled(folder: Path) -> None:
    write(folder, {31: "2026-01-02T06:00,,1,0,a"})
    told: list[str] = []
    found = source(folder, columns={"load": {"missing": "drop"}}).facts(told.append)
    assert found.train == 155 - 6
    assert told == ["s.csv: 6 windows that lack a value are left out"]
    filled = facts(folder, columns={"load": {"missing": "mean", "indicator": True}})
    assert (filled.train, filled.encoded) == (154, (5, 4))  # what is missing cannot be predicted
    load = np.arange(160) / 8
    assert details(filled).fitted["load"].fill == pytest.approx(load[np.arange(160) != 30].mean())
    assert facts(folder, inputs=["wind"], columns={"load": {"missing": "drop"}}).train == 154


@pytest.mark.parametrize(
    ("row", "line", "said"),
    [
        (50, "2026-01-02T23:00,1,1,1,a", "row 50 has an earlier time than the row before it: 2026-01-02 23:00:00"),
        (50, "2026-01-03T00:00,1,1,1,a", "row 50 has the same time as the row before it"),
        (50, ",1,1,1,a", "row 50 has no time"),
        (50, None, "row 50 comes 2 hours after the row before it; the usual step is 1 hour"),
        (50, "2026-01-03T01:00,x1,1,1,a", "row 50, column 'load': 'x1' is not a number"),
        (50, "2026-01-03T01:00,1,1", "row 50 has 3 values"),
    ],
)
def test_what_is_wrong_with_a_row_is_told(folder: Path, row: int, line: str | None, said: str) -> None:
    write(folder, {row: line})
    assert said in str(refused(folder))


def test_no_window_goes_across_a_gap(folder: Path) -> None:
    write(folder, {50: None})
    split, allowed = facts(folder, gaps="split"), facts(folder, gaps="allow")
    starts = details(split).parts["train"]
    assert not any(start < 49 < start + 6 for start in starts)
    assert allowed.train == split.train + 5


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"target": "lod"}, "column 'lod' not found in s.csv"),
        ({"inputs": ["load", "sun"]}, "column 'sun' not found"),
        ({"inputs": ["word"]}, "is not a number"),
        ({"time": "word"}, "column 'word' is of type binary"),
        ({"columns": {"word": {"scale": "none"}}}, "column 'word' is neither an input nor a target"),
        ({"length": 500}, "a window takes 501 rows"),
        ({"length": 30}, "part 'validation' has 20 rows and gets no window of 30 + 1"),
        ({"files": "none.csv"}, "no such file"),
    ],
)
def test_what_a_series_cannot_be_is_told(folder: Path, data: dict[str, Any], said: str) -> None:
    assert said in str(refused(folder, **data))


def test_times_may_be_numbers_or_of_a_form_of_their_own(folder: Path) -> None:
    rows = [f"{n},{n % 7},{1 + n % 28:02}.{1 + n // 28:02}.2026" for n in range(60)]
    (folder / "s.csv").write_text("\n".join(["index,load,day", *rows]) + "\n")
    assert facts(folder, time="index").train == 43
    days = facts(folder, time="day", time_format="%d.%m.%Y", gaps="split", splits={"test": "0%", "validation": "0%"})
    assert len(details(days).parts["train"]) == 43 - 5  # of 48 rows, without those across the end of January
    with pytest.raises(DataError, match="row 29 comes 4 days after the row before it; the usual step is 1 day"):
        facts(folder, time="day", time_format="%d.%m.%Y")


def test_a_constant_says_nothing(folder: Path) -> None:
    rows = [f"{n},{n % 7},3,{int(n > 170)}" for n in range(ROWS)]
    (folder / "s.csv").write_text("\n".join(["when,load,same,late", *rows]) + "\n")
    found = facts(folder)
    assert details(found).inputs == ("load",)
    notes = {column.name: column.note for column in found.columns}
    assert notes["same"] == notes["late"] == "one value in the training part"


def test_a_file_that_changes_between_plan_and_run_is_noticed(folder: Path) -> None:
    planned = source(folder)
    found = planned.facts(lambda _: None)
    write(folder, {7: "2026-01-01T06:00,9,9,0,a"})
    with pytest.raises(DataError, match=r"s\.csv has changed"):
        planned.load(found, IN_MEMORY, 0)


def test_some_windows_have_values_of_their_own(folder: Path) -> None:
    train = loaded(folder, IN_MEMORY).train
    assert isinstance(train, WindowedExamples)
    some = train.at(np.array([3, 0])).apart()
    assert isinstance(some, Examples)
    assert np.array_equal(some.x, train.x[[3, 0]])
    assert len(train.at(slice(2))) == 2
