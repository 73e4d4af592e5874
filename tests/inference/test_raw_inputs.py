"""``recipe predict`` on tables and texts, as plain Keras has them, and on what is none."""

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pytest
import tensorflow as tf
from pyarrow import parquet

from runner.inference.inputs import table_rows
from tests.inference.trained import Trained, evaluated, program, rows

ROW = b"rent,living space/m2,town,year\n900,70.5,Oslo,1990\n"


def table_of(run: Trained) -> list[dict[str, str]]:
    with (run.folder.parent / "flats.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def of_keras(run: Trained, table: list[dict[str, str]]) -> Any:
    """Outputs for rows that plain Keras is given as docs/data.md says."""
    numbers = {
        name: tf.constant([[float(row[name] or "nan")] for row in table], tf.float32)
        for name in ("rent", "living space/m2", "year")
    }
    words = tf.constant([[row["town"]] for row in table])
    return np.asarray(run.model({**numbers, "town": words}, training=False))


def assert_same(found: list[dict[str, str]], outputs: Any, names: list[str]) -> None:
    assert [row["class"] for row in found] == [names[c] for c in outputs.argmax(axis=1)]
    assert [float(row["probability"]) for row in found] == pytest.approx(outputs.max(axis=1), abs=1e-6)


def test_a_table_gives_what_plain_keras_gives(flats: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_rows, "_ROWS", 37)  # several blocks
    done = program("predict", flats.folder, flats.folder.parent / "flats.csv")
    found, table = rows(done.stdout), table_of(flats)
    assert [row["id"] for row in found] == [str(n) for n in range(120)]
    kept = [n for n in range(120) if table[n]["year"]]
    assert_same([found[n] for n in kept], of_keras(flats, [table[n] for n in kept]), ["flat", "house", "villa"])
    assert {tuple(found[n].values())[1:] for n in range(120) if n not in kept} == {("", "")}
    assert "no prediction for 7 of the rows: they lack year" in done.stderr


def test_parquet_stdin_and_another_order_of_columns_give_the_same(flats: Trained, tmp_path: Path) -> None:
    path = flats.folder.parent / "flats.csv"
    wanted = program("predict", flats.folder, path).stdout
    table = arrow_csv.read_csv(path, convert_options=arrow_csv.ConvertOptions(strings_can_be_null=True))
    table = table.select(["town", "year", "living space/m2", "rent"]).append_column("more", pa.array(range(120)))
    parquet.write_table(table, tmp_path / "flats.parquet")
    assert program("predict", flats.folder, tmp_path / "flats.parquet").stdout == wanted
    assert program("predict", flats.folder, "-", stdin=path.read_bytes()).stdout == wanted
    assert program("predict", flats.folder, "-", stdin=(tmp_path / "flats.parquet").read_bytes()).stdout == wanted


def test_rows_of_several_files_go_by_file_and_number(flats: Trained, tmp_path: Path) -> None:
    for name in ("a.csv", "b.tsv"):
        (tmp_path / name).write_bytes(ROW.replace(b",", b"\t") if name == "b.tsv" else ROW)
    found = rows(program("predict", flats.folder, tmp_path / "a.csv", tmp_path / "b.tsv", "--top-k", "2").stdout)
    assert [row["id"] for row in found] == [f"{tmp_path / 'a.csv'}:0", f"{tmp_path / 'b.tsv'}:0"]
    assert list(found[0].values())[1:] == list(found[1].values())[1:]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (ROW.replace(b"900", b"many"), "stdin: row 1, column 'rent': 'many' is not a number"),
        (ROW + b"1e39,70,Oslo,1990\n", "stdin: row 2, column 'rent': 1e+39 is beyond the range of float32"),
        (ROW + b"1,2\n", "stdin: row 2 has 2 values, the header has 4"),
        (ROW.replace(b"town", b"twon"), "column 'town' not found in stdin; it has"),
        (ROW.replace(b"town", b"twon"), "did you mean 'twon'?"),
        (b"1,2,3,4\n", "numbers, not names of columns"),
        (b"", "stdin is empty"),
        (b"rent,living space/m2,town,year\n", "there is no example in the inputs"),
        (b"\xff\xfe1,2", "stdin is not a text file in UTF-8"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(flats: Trained, text: bytes, wanted: str) -> None:
    assert wanted in program("predict", flats.folder, "-", stdin=text, status=2).stderr


def test_categories_that_training_never_saw_are_named_once_for_each_column(flats: Trained, visits: Trained) -> None:
    towns = ["Oslo", "Bonn", "", "Bonn", "Kyiv", "NA"]
    text = "rent,living space/m2,town,year\n" + "".join(f"900,70,{town},1990\n" for town in towns)
    done = program("predict", flats.folder, "-", stdin=text.encode())
    said = " ".join(done.stderr.split())
    assert said.count("column ") == 1
    assert "column 'town': 3 of 6 rows have a category that the model does not know" in said
    assert "too few of it: 'Bonn', 'Kyiv'; all such categories are the same to the model" in said
    assert list(rows(done.stdout)[0]) == ["id", "class", "probability"]
    found = json.loads(program("predict", flats.folder, "-", "--format", "json", stdin=text.encode()).stdout)
    unseen = [None, {"town": "Bonn"}, None, {"town": "Bonn"}, {"town": "Kyiv"}, None]
    assert [row.get("unseen") for row in found] == unseen
    assert "category" not in program("predict", flats.folder, "-", "--quiet", stdin=text.encode()).stderr
    assert "category" not in program("predict", flats.folder, flats.folder.parent / "flats.csv").stderr
    rare = program("predict", visits.folder, visits.folder.parent / "visits.csv").stderr
    assert "none or too few of it: 'hamlet 0', 'hamlet 30', 'hamlet 60', …" in " ".join(rare.split())


def test_all_columns_that_a_file_lacks_are_named_at_once(flats: Trained, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("rent,price\n900,1\n")
    said = " ".join(program("predict", flats.folder, tmp_path / "x.csv", status=2).stderr.split())
    assert "column 'living space/m2' not found in x.csv" in said
    assert "add 'living space/m2', 'town', 'year'; where a value is not known, leave it empty" in said


def test_columns_of_another_kind_are_refused(flats: Trained, tmp_path: Path) -> None:
    days = pa.array([0], pa.date32())
    table = {"rent": days, "living space/m2": pa.array([None]), "town": pa.array(["Rome"]), "year": pa.array([1])}
    parquet.write_table(pa.table(table), tmp_path / "x.parquet")
    done = program("predict", flats.folder, tmp_path / "x.parquet", status=2)
    assert "x.parquet: row 1, column 'rent': date32[day] holds no numbers" in done.stderr
    parquet.write_table(pa.table({**table, "rent": pa.array([1]), "town": pa.array([[1]])}), tmp_path / "y.parquet")
    assert "list<" in program("predict", flats.folder, tmp_path / "y.parquet", status=2).stderr
    assert "the model takes rows of a table with 4 named columns" in (
        program("predict", flats.folder, tmp_path, status=2).stderr
    )


def test_rows_go_by_a_column_where_that_is_wanted(flats: Trained, reviews: Trained, iris: Trained) -> None:
    text = b"no,name,rent,living space/m2,town,year\n7,x,900,70.5,Oslo,1990\n8,,,1.25,,2000\n"
    for column, wanted in (("no", ["7", "8"]), ("name", ["x", ""]), ("town", ["Oslo", ""]), ("year", ["1990", "2000"])):
        found = rows(program("predict", flats.folder, "-", "--id", column, stdin=text).stdout)
        assert [row["id"] for row in found] == wanted
    plain = rows(program("predict", flats.folder, "-", stdin=text).stdout)
    assert [row["probability"] for row in found] == [row["probability"] for row in plain]
    assert (
        "column 'none' not found" in program("predict", flats.folder, "-", "--id", "none", stdin=text, status=2).stderr
    )
    table = reviews.folder.parent / "reviews.csv"
    assert rows(program("predict", reviews.folder, table, "--id", "mood").stdout)[1]["id"] == "good"
    assert "--id: is for models of tables" in program("predict", iris.folder, "-", "--id", "a", status=2).stderr


def test_dropout_is_sampled_on_rows(flats: Trained) -> None:
    (row,) = rows(program("predict", flats.folder, "-", "--mc-samples", "20", stdin=ROW).stdout)
    assert float(row["std"]) > 0 < float(row["mean"])


def test_texts_come_from_columns_files_folders_and_lines(reviews: Trained, tmp_path: Path) -> None:
    path = reviews.folder.parent / "reviews.csv"
    with path.open(newline="") as file:
        texts = [row["review"] for row in csv.DictReader(file)][:9]
    outputs = np.asarray(reviews.model(tf.constant(texts), training=False))
    names = ["bad", "good"]
    assert_same(rows(program("predict", reviews.folder, path).stdout)[:9], outputs, names)
    lines = "".join(f"{text}\r\n" for text in texts).encode()
    found = rows(program("predict", reviews.folder, "-", stdin=b"\xef\xbb\xbf" + lines).stdout)
    assert_same(found, outputs, names)
    assert [row["id"] for row in found] == [str(n) for n in range(9)]
    (tmp_path / "in").mkdir()
    for n, text in enumerate(texts):
        (tmp_path / "in" / f"{n}.txt").write_text(text)
    (tmp_path / "in" / "notes.md").write_text("none")
    done = program("predict", reviews.folder, tmp_path / "in", tmp_path / "in" / "0.txt")
    assert_same(rows(done.stdout), np.concatenate([outputs, outputs[:1]]), names)
    assert rows(done.stdout)[9]["id"] == str(tmp_path / "in" / "0.txt")
    assert "passed over 1 file of other kinds" in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("a.txt", b"caf\xe9", "a.txt is not text in UTF-8: byte 0xe9 at place 3"),
        ("a.csv", b"mood,text\nbad,x\n", "column 'review' not found in a.csv; it has 'mood', 'text'"),
        ("a.png", b"x", "the model takes texts; inputs end in .txt, .csv"),
    ],
)
def test_what_is_no_text_is_named(reviews: Trained, tmp_path: Path, name: str, content: bytes, wanted: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert wanted in program("predict", reviews.folder, tmp_path / name, status=2).stderr


def test_a_line_that_is_too_long_is_not_kept(reviews: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.inference.inputs.texts.LONGEST", 100)
    done = program("predict", reviews.folder, "-", stdin=b"fine\n" + b"x" * 200, status=2)
    assert "stdin, line 2 is longer than" in done.stderr


def test_an_output_that_is_no_number_decides_for_nothing() -> None:
    from runner.inference.predictions import Outputs, Wording

    found = list(Wording(("a", "b"), 2, top=1).rows(["0", "1"], Outputs(np.array([[math.nan] * 2, [0.2, 0.8]]))))
    assert found == [("0", None, None, None, None), ("1", "b", 0.8, "b", 0.8)]


def test_a_table_is_evaluated_as_training_evaluates_it(flats: Trained, tmp_path: Path) -> None:
    plain, table = evaluated(flats.folder), table_of(flats)
    (tmp_path / "all.csv").write_bytes((flats.folder.parent / "flats.csv").read_bytes())
    done = program("evaluate", flats.folder, "--data", tmp_path / "all.csv", "--json")
    found = json.loads(done.stdout)
    kept = [row for row in table if row["year"]]
    right = of_keras(flats, kept).argmax(axis=1) == [["flat", "house", "villa"].index(row["kind"]) for row in kept]
    assert found["examples"] == len(kept)
    assert found["metrics"]["accuracy"] == pytest.approx(right.mean())
    assert found["metrics"].keys() == plain["metrics"].keys()
    assert "7 rows without a target or a value that training needs are left out" in done.stderr
    assert [row["name"] for row in found["classes"]] == ["flat", "house", "villa"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (ROW, "column 'kind' not found in x.csv"),
        (ROW.replace(b"year", b"year,kind").replace(b"1990", b"1990,barn"), "row 1, column 'kind': must be a class"),
        (ROW.replace(b"year", b"year,kind").replace(b"1990", b"1990,"), "holds no examples"),
    ],
)
def test_rows_without_a_usable_target_are_named(flats: Trained, tmp_path: Path, text: bytes, wanted: str) -> None:
    (tmp_path / "x.csv").write_bytes(text)
    assert wanted in program("evaluate", flats.folder, "--data", tmp_path / "x.csv", status=2).stderr


def test_texts_are_evaluated_from_a_table_and_from_folders(reviews: Trained, tmp_path: Path) -> None:
    path = reviews.folder.parent / "reviews.csv"
    found = evaluated(reviews.folder, "--data", path)
    with path.open(newline="") as file:
        rows_ = list(csv.DictReader(file))
    outputs = np.asarray(reviews.model(tf.constant([row["review"] for row in rows_]), training=False))
    right = outputs.argmax(axis=1) == [["bad", "good"].index(row["mood"]) for row in rows_]
    assert found["metrics"]["accuracy"] == pytest.approx(right.mean())
    for n, row in enumerate(rows_):
        (tmp_path / row["mood"]).mkdir(exist_ok=True)
        (tmp_path / row["mood"] / f"{n}.txt").write_text(row["review"])
    again = evaluated(reviews.folder, "--data", tmp_path)
    assert again["metrics"] == pytest.approx(found["metrics"])
    (tmp_path / "good").rename(tmp_path / "fine")
    assert "must be a class of the run (bad, good); received 'fine'" in (
        program("evaluate", reviews.folder, "--data", tmp_path, status=2).stderr
    )
