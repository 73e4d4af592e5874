"""``recipe data check``: what it finds, by file and row, and what it leaves alone."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pyarrow import parquet
from typer.testing import CliRunner

from runner.cli import app
from tests.data import test_held_images as held_images
from tests.data import test_hub_files as hub_files

MODEL = "model: {kind: sequential, layers: [{kind: flatten}]}\ntraining: {epochs: 1}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def checked(*arguments: str, code: int = 0) -> dict[str, list[dict[str, Any]]]:
    """Findings by their kind."""
    done = CliRunner().invoke(app, ["data", "check", "--json", *arguments])
    assert done.exit_code == code, done.output
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in json.loads(done.stdout)["findings"]:
        found.setdefault(finding["kind"], []).append(finding)
    return found


def table(n: int = 400) -> list[dict[str, Any]]:
    """Rows without a fault: two numbers that tell something of the target and not all."""
    made = np.random.default_rng(0)
    rows = []
    for _ in range(n):
        kind = int(made.integers(0, 2))
        rows.append({"a": made.normal() + kind, "b": made.normal(), "kind": "yes" if kind else "no"})
    return rows


def saved(rows: list[dict[str, Any]], name: str = "t.csv") -> Path:
    lines = [",".join(rows[0]), *(",".join(str(value) for value in row.values()) for row in rows)]
    Path(name).write_text("\n".join(lines) + "\n")
    return Path(name)


def recipe_of(splits: str = "", task: str = "classification", target: str = "kind") -> str:
    data = f"data: {{source: csv, files: t.csv, target: {target}{splits}}}\n"
    Path("r.yaml").write_text(f"recipe: 1\nname: r\ntask: {task}\n{data}{MODEL}")
    return "r.yaml"


def test_a_good_table_has_no_findings() -> None:
    saved(table())
    assert checked("--strict", recipe_of()) == {}
    assert checked("--strict", "t.csv", "--target", "kind") == {}


def test_columns_of_ids_that_are_not_read_are_left_alone() -> None:
    """`id` counts the rows, and the recipe ignores `buyer_id`: neither is kept with the table."""
    saved([{"id": k, "buyer_id": k // 3, **row} for k, row in enumerate(table())])
    assert checked("--strict", recipe_of(splits=", columns: {buyer_id: {type: ignore}}")) == {}


def test_equal_rows_are_named_within_and_between_parts_and_where_they_contradict() -> None:
    rows = table()
    for number, row in enumerate(rows):
        row["part"] = "train" if number < 300 else "test"
    rows[7] = dict(rows[3])
    rows[350] = {**rows[20], "part": "test", "kind": "no" if rows[20]["kind"] == "yes" else "yes"}
    saved(rows)
    found = checked("--strict", recipe_of(", splits: {by: column, column: part}"), code=1)
    assert found.keys() == {"duplicate", "leak", "contradiction"}
    assert found["duplicate"][0]["examples"] == ["train, t.csv: row 8 = train, t.csv: row 4"]
    assert found["leak"][0]["examples"] == ["test, t.csv: row 351 = train, t.csv: row 21"]
    assert found["contradiction"][0]["examples"] == ["test, t.csv: row 351 ≠ train, t.csv: row 21"]


def test_columns_that_say_nothing_or_everything_are_named() -> None:
    rows = [{**row, "one": 1, "gaps": "" if k % 4 else k, "told": 5 + (row["kind"] == "yes")}
            for k, row in enumerate(table())]  # fmt: skip
    saved(rows)
    found = checked(recipe_of())
    assert [item["examples"] for kind in ("constant", "missing", "giveaway") for item in found[kind]] == [
        ["one"], ["gaps"], ["told"],
    ]  # fmt: skip
    assert found.keys() == {"constant", "missing", "giveaway"}
    assert checked(recipe_of(), code=0)


@pytest.mark.parametrize(
    ("values", "kind", "says"),
    [
        ("{}.5 m2", "words", "is read as text: these are numbers with 'm2', such as '0.5 m2'; write plain numbers"),
        ("{} %", "words", "numbers with '%'"),
        (
            "-999",
            "placeholder",
            "is -999 in 40 rows, and its other values lie between 1 and 399; if -999 marks a missing",
        ),
        ("9999", "placeholder", "missing_values: ['', NA, '9999']"),
        ("99", "", ""),
    ],
)
def test_units_and_placeholders_in_numbers_are_named(values: str, kind: str, says: str) -> None:
    """A placeholder is in one row of ten; 99 is between the other numbers, and a number like them."""
    rows = [{**row, "size": values.format(k) if k % 10 == 0 or "{" in values else k} for k, row in enumerate(table())]
    saved(rows)
    found = checked("t.csv", "--target", "kind")
    assert list(found) == ([kind] if kind else [])
    if kind:
        assert found[kind][0]["message"].startswith("column 'size' ")
        assert says in found[kind][0]["message"]
        assert found[kind][0]["examples"] == ["size"]


def test_a_number_that_tells_the_target_of_a_regression_is_named() -> None:
    rows = [{"a": row["a"], "twice": 2 * row["b"] + 0.001 * row["a"], "y": row["b"]} for row in table()]
    saved(rows)
    found = checked(recipe_of(task="regression", target="y"))
    assert [item["examples"] for item in found["giveaway"]] == [["twice"]]


def test_groups_and_times_that_are_torn_apart_are_named() -> None:
    rows = [{**row, "patient": f"p{k // 4}", "day": f"2024-{1 + k // 40:02d}-{1 + k % 28:02d}"}
            for k, row in enumerate(table())]  # fmt: skip
    saved(rows)
    found = checked(recipe_of())
    assert [item["examples"] for kind in ("group", "time") for item in found[kind]] == [["patient"], ["day"]]
    assert "by: group, column: patient" in found["group"][0]["message"]
    assert not checked(recipe_of(", splits: {by: group, column: patient}")).keys() & {"group", "time"}


def test_classes_that_are_rare_or_new_are_named() -> None:
    rows = table()
    for number, row in enumerate(rows):
        row["part"] = "train" if number < 300 else "test"
    for number in (1, 2):
        rows[number]["kind"] = "rare"
    saved(rows)
    found = checked(recipe_of(", splits: {by: column, column: part}"))
    assert [(item["message"], item["examples"]) for item in found["class"]] == [
        ("1 class has fewer than 5 training examples", ["rare: 2 in train"]),
        ("1 class has no example in test", ["rare"]),
    ]


def test_images_that_are_broken_blank_or_there_twice_are_named() -> None:
    made = np.random.default_rng(0)
    for kind in ("ant", "bee"):
        (Path("pictures") / kind).mkdir(parents=True)
        for k in range(20):
            Image.fromarray(made.integers(0, 255, (6, 6), np.uint8)).save(f"pictures/{kind}/{k:02d}.png")
    Path("pictures/ant/03.png").write_bytes(Path("pictures/ant/02.png").read_bytes())
    Image.fromarray(np.full((6, 6), 9, np.uint8)).save("pictures/bee/05.png")
    whole = Path("pictures/bee/06.png").read_bytes()
    Path("pictures/bee/06.png").write_bytes(whole[: len(whole) // 2])
    found = checked("pictures", "--strict", code=1)
    assert found["broken"][0]["count"] == 1
    assert "06.png" in found["broken"][0]["examples"][0]
    assert "bee/05.png" in found["blank"][0]["examples"][0]
    (twice,) = [item for kind in ("duplicate", "leak") for item in found.get(kind, ())]
    assert "ant/02.png" in twice["examples"][0]
    assert "ant/03.png" in twice["examples"][0]


def test_a_dataset_of_hugging_face_is_read_by_its_parts() -> None:
    Path("ds").mkdir()
    for part in hub_files.SIZES:
        parquet.write_table(hub_files.rows(part).drop_columns("image"), f"ds/{part}-00000-of-00001.parquet")
    found = CliRunner().invoke(app, ["data", "check", "ds", "--json"])
    assert found.exit_code == 0, found.output
    said = json.loads(found.stdout)
    assert said["examples"] == hub_files.SIZES
    assert {item["kind"] for item in said["findings"]} >= {"leak", "duplicate"}
    assert "did you mean 'stars'" in CliRunner().invoke(app, ["data", "check", "ds", "--target", "star"]).output


@pytest.mark.parametrize("write", [held_images.save_to_disk, held_images.hub])
def test_images_of_a_dataset_of_hugging_face_are_read(write: Any) -> None:
    write(Path("ds"))
    found = CliRunner().invoke(app, ["data", "check", "ds", "--json"])
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["examples"] == held_images.SIZES


def test_the_twins_of_iris_are_found_in_text() -> None:
    done = CliRunner().invoke(app, ["data", "check", "iris_cyclic"])
    assert done.exit_code == 0
    assert "leak: 1 example of validation has the inputs of one in train\n    validation, example" in done.stdout
    assert done.stdout.endswith("150 examples read, 1 finding\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["t.csv"], "--target COLUMN"),
        (["t.csv", "--target", "kid"], "did you mean 'kind'?"),
        (["nothing.csv"], "no such file"),
        (["empty"], "holds no images"),
    ],
)
def test_what_cannot_be_checked_is_refused_with_a_way_out(arguments: list[str], says: str) -> None:
    saved(table(40))
    Path("empty").mkdir()
    done = CliRunner().invoke(app, ["data", "check", *arguments])
    assert done.exit_code == 2
    assert says in done.output
