"""source: csv and parquet: from files to parts, classes and examples."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet
import pytest

from runner.data.access import DataAccess
from runner.data.cache import cache_folder
from runner.data.examples import Examples
from runner.data.facts import DataFacts
from runner.data.placement import Placement, Window
from runner.data.sources import source_of
from runner.data.streaming.block_order import StreamedSplit, collected
from runner.data.tabular import known
from runner.data.tabular.prepared import PreparedTable
from runner.errors import DataError
from schemas.recipe import Recipe

IN_MEMORY = Placement(None, True, 0)
STREAMED = Placement(Window(7, 3), False, 0)
PARTS = ("train", "validation", "test")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    lines = ["id,review,stars,town,when,part,person"]
    for n in range(120):
        town = ["Rome", "Oslo", "Lima", ""][n % 4]
        part = ["train", "train", "train", "dev", "test"][n % 5]
        lines.append(f"{n},{'good' if n % 3 else 'bad'},{n % 7 + 0.5},{town},2026-01-{n // 4 + 1:02},{part},p{n % 11}")
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def source(folder: Path, task: str = "classification", **data: Any) -> Any:
    recipe = Recipe.model_validate(
        {
            "recipe": 1,
            "name": "t",
            "task": task,
            "data": {"source": "csv", "files": "t.csv", "target": "review", **data},
            "model": {"kind": "sequential", "layers": []},
            "training": {"epochs": 1},
        }
    )
    return source_of(recipe.data, DataAccess().within(folder), recipe)


def facts(folder: Path, **data: Any) -> DataFacts:
    found = source(folder, **data).facts(lambda _: None)
    assert isinstance(found, DataFacts)
    return found


def parts(found: DataFacts) -> dict[str, set[int]]:
    assert isinstance(found.details, PreparedTable)
    return {name: set(rows.tolist()) for name, rows in found.details.parts.items()}


def refused(folder: Path, **data: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        facts(folder, **data)
    return caught.value


def test_facts_of_a_table(folder: Path) -> None:
    found = facts(folder)
    assert (found.train, found.validation, found.test) == (96, 12, 12)
    assert found.class_names == ("bad", "good")
    assert found.classes == 2
    roles = {column.name: (column.type, column.role) for column in found.columns}
    assert roles == {
        "id": ("ignore", "not used"),
        "review": ("category", "target"),
        "stars": ("number", "input"),
        "town": ("category", "input"),
        "when": ("date", "not used"),
        "part": ("category", "input"),
        "person": ("category", "input"),
    }
    assert found.shape == (4,)
    assert found.layer_input == (1 + 5 + 4 + 12,)
    assert found.label == f"csv t.csv {found.sha256[:12]}"


def test_parts_are_stratified_apart_and_of_the_seed_alone(folder: Path) -> None:
    found = parts(facts(folder))
    assert set.union(*found.values()) == set(range(120))
    assert sum(map(len, found.values())) == 120
    assert parts(facts(folder)) == found
    bad = {name: sum(row % 3 == 0 for row in rows) / len(rows) for name, rows in found.items()}
    assert all(share == pytest.approx(1 / 3, abs=0.01) for share in bad.values())


def test_parts_by_a_column_that_names_them(folder: Path) -> None:
    found = facts(folder, splits={"by": "column", "column": "part"})
    assert parts(found) == {
        "train": {n for n in range(120) if n % 5 < 3},
        "validation": {n for n in range(120) if n % 5 == 3},
        "test": {n for n in range(120) if n % 5 == 4},
    }
    assert next(column.role for column in found.columns if column.name == "part") == "split"
    only = facts(folder, splits={"by": "column", "column": "part", "words": {"train": ["test"], "test": ["dev"]}})
    assert (only.train, only.validation, only.test) == (24, 0, 24)


def test_parts_by_time_have_the_last_rows_last(folder: Path) -> None:
    found = parts(facts(folder, splits={"by": "time", "column": "when"}))
    assert max(found["train"]) < min(found["validation"])
    assert max(found["validation"]) < min(found["test"])


def test_parts_by_group_share_no_group(folder: Path) -> None:
    found = parts(facts(folder, splits={"by": "group", "column": "person", "train": "60%", "test": "30%"}))
    people = [{row % 11 for row in rows} for rows in found.values()]
    assert sum(map(len, people)) == len(set.union(*people)) == 11


def test_parts_by_id_stay_where_rows_are_added(folder: Path) -> None:
    before = parts(facts(folder, splits={"by": "id", "column": "id"}))
    with (folder / "t.csv").open("a") as file:
        file.writelines(f"{n},good,1,Rome,2026-02-01,train,p1\n" for n in range(120, 200))
    after = parts(facts(folder, splits={"by": "id", "column": "id"}))
    for name in PARTS:
        assert {row for row in after[name] if row < 120} == before[name]


def test_csv_and_parquet_give_the_same_examples_in_memory_and_streamed(folder: Path) -> None:
    parquet.write_table(arrow_csv.read_csv(folder / "t.csv"), folder / "t.parquet")
    seen = []
    for kind, file in (("csv", "t.csv"), ("parquet", "t.parquet")):
        used = source(folder, source=kind, files=file)
        found = used.facts(lambda _: None)
        whole, read = used.load(found, IN_MEMORY, 0), used.load(found, STREAMED, 0)
        for name in PARTS:
            memory, streamed = getattr(whole, name), getattr(read, name)
            assert isinstance(memory, Examples)
            assert isinstance(streamed, StreamedSplit)
            again = collected(streamed)
            np.testing.assert_array_equal(memory.x, again.x)
            np.testing.assert_array_equal(memory.y, again.y)
            assert (memory.x.dtype, memory.y.dtype) == (np.float32, np.int32)
        seen.append(whole)
    for name in PARTS:
        np.testing.assert_array_equal(getattr(seen[0], name).x, getattr(seen[1], name).x)


def test_inputs_are_raw_numbers_and_places_of_words(folder: Path) -> None:
    used = source(folder)
    found = used.facts(lambda _: None)
    train = used.load(found, IN_MEMORY, 0).train
    rows = sorted(parts(found)["train"])
    assert train.x[:, 0].tolist() == [row % 7 + 0.5 for row in rows]
    assert train.y.tolist() == [int(row % 3 > 0) for row in rows]
    words = found.details.fitted["town"].words
    assert [([*words, ""][int(place) - 1]) for place in train.x[:, 1]] == [
        ["Rome", "Oslo", "Lima", ""][row % 4] for row in rows
    ]


def test_statistics_know_nothing_of_rows_that_do_not_train(folder: Path) -> None:
    before = facts(folder, splits={"by": "column", "column": "part"})
    text = (folder / "t.csv").read_text().splitlines()
    text = [line.replace(",Rome,", ",Paris,") if ",dev," in line or ",test," in line else line for line in text]
    (folder / "t.csv").write_text("\n".join(text) + "\n")
    after = facts(folder, splits={"by": "column", "column": "part"})
    assert isinstance(before.details, PreparedTable)
    assert isinstance(after.details, PreparedTable)
    assert before.details.fitted == after.details.fitted
    assert before.sha256 != after.sha256


def test_regression_takes_numbers_and_classes_may_be_numbers(folder: Path) -> None:
    found = facts(folder, task="regression", target="stars")
    assert (found.classes, found.class_names) == (None, ())
    numbered = facts(folder, target="stars")
    assert numbered.class_names == ("0.5", "1.5", "2.5", "3.5", "4.5", "5.5", "6.5")


def test_rows_without_a_target_or_with_a_dropped_value_are_counted_and_not_used(folder: Path) -> None:
    with (folder / "t.csv").open("a") as file:
        file.write("120,,1,Rome,2026-02-01,train,p1\n")
    said: list[str] = []
    found = source(folder, columns={"town": {"missing": "drop"}}).facts(said.append)
    assert found.train + found.validation + found.test == 90
    assert said == [
        "t.csv: 1 rows without a target are not used",
        "t.csv: 30 rows are dropped, as `missing: drop` says",
    ]


@pytest.mark.parametrize(
    ("data", "place", "says"),
    [
        ({"target": "reveiw"}, ("data", "target"), "column 'reveiw' not found in t.csv; it has 'id', 'review'"),
        ({"columns": {"Town": {"missing": "mode"}}}, ("data", "columns", "Town"), "column 'Town' not found"),
        ({"splits": {"by": "time", "column": "date"}}, ("data", "splits", "column"), "column 'date' not found"),
        ({"splits": {"by": "time", "column": "town"}}, ("data", "splits", "column"), "row 4 has no 'town'"),
        ({"splits": {"by": "time", "column": "person"}}, ("data", "splits", "column"), "is of type category"),
        ({"files": "u.csv"}, ("data", "files"), "'u.csv': no such file"),
        ({"source": "parquet"}, ("data", "files"), "ends in .parquet"),
        ({"task": "regression"}, ("data", "target"), "'bad' is not a number"),
        ({"target": "id"}, ("data", "target"), "120 different values in 120 rows"),
        ({"columns": {"town": {"scale": "minmax"}}}, ("data", "columns", "town"), "scale is not for categories"),
        ({"columns": {"stars": {"at_least": 2}}}, ("data", "columns", "stars"), "at_least is not for numbers"),
        (
            {"columns": {"town": {"missing": "mean"}}},
            ("data", "columns", "town"),
            "missing: mean is not for categories",
        ),
    ],
)
def test_a_fault_is_reported_at_its_key(folder: Path, data: dict[str, Any], place: tuple[str, ...], says: str) -> None:
    error = refused(folder, **data)
    assert says in str(error)
    assert error.place == place


def test_a_misspelt_target_is_suggested(folder: Path) -> None:
    assert refused(folder, target="reveiw").help == ("did you mean 'review'?",)


def test_no_input_left_says_why(folder: Path) -> None:
    (folder / "u.csv").write_text("y,when\n" + "".join(f"{'ab'[n % 2]},2026-01-0{n % 9 + 1}\n" for n in range(40)))
    error = refused(folder, files="u.csv", target="y")
    assert "no column is left" in str(error)
    assert "dates need `parts` or `cyclic`" in error.help[0]


def test_a_table_is_looked_at_once_and_the_cache_may_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = facts(folder)
    kept = sorted(cache_folder().iterdir())
    assert {path.suffix for path in kept} == {".json", ".arrow"}
    with monkeypatch.context() as patched:
        patched.setattr(known, "table_facts", lambda *_: pytest.fail("looked at again"))
        assert facts(folder) == before
    next(path for path in kept if path.suffix == ".json").write_text('{"rows": [1], "columns": 3}')
    assert facts(folder) == before
    for path in cache_folder().iterdir():
        path.unlink()
    assert facts(folder) == before


def test_the_cache_lies_where_the_person_says_and_never_beside_the_data(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("RECIPE_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "recipe"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")  # as the specification says, it is then ignored
    assert cache_folder() == Path("~/.cache/recipe").expanduser()
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "own"))
    before = {path.name for path in folder.iterdir()}
    facts(folder)
    assert {path.name for path in folder.iterdir()} == {*before, "own"}


def test_a_file_that_changes_after_the_plan_is_noticed(folder: Path) -> None:
    used = source(folder)
    found = used.facts(lambda _: None)
    text = (folder / "t.csv").read_text()
    (folder / "t.csv").write_text(text.replace("Rome", "Bonn"))
    os.utime(folder / "t.csv", (1, 1))
    with pytest.raises(DataError, match=r"t\.csv has changed") as caught:
        used.load(found, IN_MEMORY, 0)
    assert caught.value.place == ("data", "files")


def weighted(folder: Path, *weights: str, **data: Any) -> Any:
    """Two files of rows with a weight each; the first file has five."""
    rows = [f"{n},{'ab'[n % 2]},{weight}" for n, weight in enumerate(weights)]
    for name, some in (("w1.csv", rows[:5]), ("w2.csv", rows[5:])):
        (folder / name).write_text("\n".join(["x,y,w", *some]) + "\n")
    return source(folder, files="w*.csv", target="y", weight="w", **data)


def test_weights_go_with_their_rows_in_memory_and_streamed_and_are_no_input(folder: Path) -> None:
    used = weighted(folder, *[str(n / 4) for n in range(40)])
    found = used.facts(lambda _: None)
    roles = {column.name: column.role for column in found.columns}
    assert roles == {"x": "input", "y": "target", "w": "weight"}
    assert (found.shape, found.weighted) == ((1,), True)
    for placement in (IN_MEMORY, STREAMED):
        split = used.load(found, placement, 0).train
        train = collected(split) if isinstance(split, StreamedSplit) else split
        assert train.weight.dtype == np.float32
        assert (train.weight * 4).tolist() == train.x[:, 0].tolist()


@pytest.mark.parametrize(
    ("weight", "says"),
    [
        ("-0.5", "w2.csv: row 2: the weight -0.5 is not a finite number of 0 or more"),
        ("", "w2.csv: row 2: the weight is missing"),
        ("1e39", "w2.csv: row 2: the weight 1e+39 is not a finite number"),
        ("heavy", "w2.csv: row 2, column 'w': 'heavy' is not a number"),
    ],
)
def test_a_weight_that_cannot_act_is_named_by_file_and_row(folder: Path, weight: str, says: str) -> None:
    with pytest.raises(DataError) as caught:
        weighted(folder, *["1"] * 6, weight, *["1"] * 33).facts(lambda _: None)
    assert says in str(caught.value)


def test_rows_that_are_not_used_need_no_weight_and_one_must_weigh_something(folder: Path) -> None:
    with pytest.raises(DataError, match="all examples that train have the weight 0"):
        weighted(folder, *["0"] * 40).facts(lambda _: None)
    used = weighted(folder, *["1"] * 40)
    with (folder / "w2.csv").open("a") as file:
        file.write("41,,-1\n")
    assert used.facts(lambda _: None).train == 32
    assert refused(folder, weight="stras").help == ("did you mean 'stars'?",)


def several(folder: Path, rows: list[str], task: str, target: list[str]) -> Any:
    (folder / "s.csv").write_text("\n".join(["x,p,q", *rows]) + "\n")
    return source(folder, task=task, files="s.csv", target=target)


def test_several_numbers_are_one_row_of_targets_in_the_recipes_order(folder: Path) -> None:
    used = several(folder, [f"{n},{n * 2},{'' if n == 7 else n * 3}" for n in range(50)], "regression", ["q", "p"])
    said: list[str] = []
    found = used.facts(said.append)
    assert (found.task, found.targets, found.classes, found.shape) == ("regression", ("q", "p"), None, (1,))
    assert said == ["s.csv: 1 rows without a target are not used"]
    for placement in (IN_MEMORY, STREAMED):
        split = used.load(found, placement, 0).train
        train = collected(split) if isinstance(split, StreamedSplit) else split
        assert (train.y.dtype, train.y.shape) == (np.float32, (39, 2))
        np.testing.assert_array_equal(train.y, train.x * [3, 2])


def test_labels_are_zero_or_one_however_they_are_written(folder: Path) -> None:
    written = {"p": ["no", "Yes"], "q": ["0", "1.0"]}
    rows = [f"{n},{written['p'][n % 2]},{written['q'][n // 2 % 2]}" for n in range(40)]
    used = several(folder, rows, "multi_label", ["p", "q"])
    found = used.facts(lambda _: None)
    assert (found.task, found.targets, found.classes) == ("multi_label", ("p", "q"), None)
    assert found.bytes_per_example == 4 + 2
    train = used.load(found, IN_MEMORY, 0).train
    n = train.x[:, 0].astype(int)
    assert train.y.dtype == np.uint8
    np.testing.assert_array_equal(train.y, np.stack([n % 2, n // 2 % 2], axis=1))


@pytest.mark.parametrize(
    ("task", "value", "says"),
    [
        ("multi_label", "2", "column 'q' is a label, and has the values '2'"),
        ("multi_label", "maybe", "column 'q' is a label, and has the values 'maybe'"),
        ("regression", "maybe", "s.csv: row 8, column 'q': 'maybe' is not a number"),
    ],
)
def test_a_target_of_several_that_cannot_be_used_is_named(folder: Path, task: str, value: str, says: str) -> None:
    rows = [f"{n},{n % 2},{value if n == 7 else n % 2}" for n in range(40)]
    with pytest.raises(DataError) as caught:
        several(folder, rows, task, ["p", "q"]).facts(lambda _: None)
    assert says in str(caught.value)
    assert caught.value.place == ("data", "target")
