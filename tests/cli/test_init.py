"""`recipe init`: a first recipe for a table, which validates and trains."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from runner.cli import app
from runner.data.access import DataAccess
from runner.data.statistics.date_treatment import FittedDate
from runner.data.statistics.fit import Fitted
from runner.data.tabular.prepared import PreparedTable
from runner.source.load import load
from runner.workflows.prepare import prepare
from tests.cli.program import recipe, result_of


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(3)
    lines = ["customer_id,order id,odd: name,size,label,stars,price,when"]
    for n in range(300):
        x, size = random.normal(), "SML"[n % 3]
        label = "yes" if x + n % 3 > 1 else "no"
        price = f"{3 * x + 10:.3f}"
        lines.append(f"{n // 3},{n * 7 + 1},{x:.4f},{size},{label},{n % 5 + 1},{price},2026-01-{n // 10 + 1:02}")
    (tmp_path / "orders.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def init(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["init", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def inputs(folder: Path, text: str) -> Fitted:
    (folder / "made.yaml").write_text(text)
    loaded = load(folder / "made.yaml")
    assert loaded.recipe is not None, loaded.diagnostics
    assert not loaded.diagnostics
    plan = prepare(loaded.recipe, DataAccess().beside(folder / "made.yaml"), print)
    assert isinstance(plan.data.details, PreparedTable)
    return plan.data.details.fitted


def test_a_recipe_is_written_once_and_never_over_a_file(folder: Path) -> None:
    code, said, _ = init("orders.csv", "--target", "label")
    assert (code, said) == (0, "orders.yaml\n")
    before = (folder / "orders.yaml").read_bytes()
    code, _, said = init("orders.csv", "--target", "price")
    assert code == 2
    assert "orders.yaml already exists" in said
    assert (folder / "orders.yaml").read_bytes() == before


def test_the_same_table_gives_the_same_recipe(folder: Path) -> None:
    first = init("orders.csv", "--target", "label", "--output", "-")
    (folder / "orders.csv").touch()
    assert init("orders.csv", "--target", "label", "--output", "-") == first
    assert not list(folder.glob("*.yaml"))


@pytest.mark.parametrize(
    ("target", "task", "expected"),
    [
        ("label", "classification", 'test_accuracy: ">= 0.'),
        ("stars", "classification", 'test_accuracy: ">= 0.240"'),
        ("price", "regression", 'test_mean_absolute_error: "<= '),
    ],
)
def test_the_task_and_what_is_expected_follow_from_the_target(
    folder: Path, target: str, task: str, expected: str
) -> None:
    _, text, _ = init("orders.csv", "--target", target, "--output", "-")
    assert f"task: {task}\n" in text
    assert expected in text
    assert target not in inputs(folder, text)


@pytest.mark.parametrize(
    ("targets", "task", "expected"),
    [
        (("price", "odd: name"), "regression", 'test_mean_absolute_error: "<= '),
        (("label", "big"), "multi_label", 'test_accuracy: ">= 0.'),
    ],
)
def test_several_targets_are_numbers_or_labels(
    folder: Path, targets: tuple[str, ...], task: str, expected: str
) -> None:
    lines = (folder / "orders.csv").read_text().splitlines()
    labels = ["big", *(str(n % 4 // 3) for n in range(300))]
    (folder / "orders.csv").write_text("\n".join(f"{line},{big}" for line, big in zip(lines, labels, strict=True)))
    asked = [word for name in targets for word in ("--target", name)]
    _, text, _ = init("orders.csv", *asked, "--output", "-")
    assert f"task: {task}\n" in text
    assert expected in text
    found = inputs(folder, text)
    assert not {*targets} & {*found}
    assert "size" in found
    if task == "multi_label":
        yes = [line.split(",")[4] for line in lines[1:]].count("yes") / 300
        share = (0.75 + max(yes, 1 - yes)) / 2
        assert f"right for {100 * share:.1f} % of them" in text


def test_targets_of_different_kinds_are_refused() -> None:
    code, _, said = init("orders.csv", "--target", "price", "--target", "size", "--output", "-")
    assert code == 2
    assert "several targets are all numbers, or all labels; column 'size' is of type category" in said


def test_an_id_is_no_input_and_times_and_groups_are_pointed_out(folder: Path) -> None:
    _, text, _ = init("orders.csv", "--target", "label", "--output", "-")
    assert "    order id: {type: ignore}  # another value in every row: an id\n" in text
    assert "{by: time, column: when}" in text
    assert "{by: group, column: customer_id}" in text
    assert list(inputs(folder, text)) == ["customer_id", "odd: name", "size", "stars", "price", "when"]


def test_a_text_of_several_words_is_an_input_and_a_name_is_not(folder: Path) -> None:
    lines = ["name,said,label", *(f"n{n} x{n},it was no {n} and {n * 7} more,{'ab'[n % 2]}" for n in range(80))]
    (folder / "told.csv").write_text("\n".join(lines) + "\n")
    _, text, _ = init("told.csv", "--target", "label", "--output", "-")
    assert "    said: {output: tf_idf, vocabulary: 500}  # a text, 80 values" in text
    assert "    # name: {type: text}  80 values, no input" in text
    assert list(inputs(folder, text)) == ["said"]


def test_paths_of_images_are_pointed_out(folder: Path) -> None:
    """The recipe itself has one input for all columns, which no image fits into."""
    lines = ["photo,age,label", *(f"p/{n}.png,{n % 50},{'ab'[n % 2]}" for n in range(80))]
    (folder / "seen.csv").write_text("\n".join(lines) + "\n")
    _, text, _ = init("seen.csv", "--target", "label", "--output", "-")
    assert "    # photo: {type: image}  80 values, paths of images; a functional model takes them" in text
    assert list(inputs(folder, text)) == ["age"]


def test_the_parts_of_a_date_that_differ_are_inputs(folder: Path) -> None:
    _, text, _ = init("orders.csv", "--target", "label", "--output", "-")
    assert "    when: {parts: [weekday]}  # a date, 30 values\n" in text
    found = inputs(folder, text)["when"]
    assert isinstance(found, FittedDate)
    assert found.parts == ("weekday",)
    lines = (folder / "orders.csv").read_text().splitlines()
    hours = [line.rsplit(",", 1)[0] + f",{2024 + n % 3}-01-01T{n % 24:02}:00" for n, line in enumerate(lines[1:])]
    (folder / "orders.csv").write_text("\n".join([lines[0], *hours]) + "\n")
    _, text, _ = init("orders.csv", "--target", "label", "--output", "-")
    assert "    when: {parts: [year, weekday, hour]}  # a date" in text


def test_names_that_yaml_would_read_otherwise_are_quoted(folder: Path) -> None:
    (folder / "odd.csv").write_text(
        "yes: # no,'a',y\n" + "".join(f"{n * 3},{n % 2},{'pq'[n % 2]}\n" for n in range(60))
    )
    _, text, _ = init("odd.csv", "--target", "y", "--output", "-")
    assert list(inputs(folder, text)) == ["'a'"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("none.csv", "--target", "y"), "none.csv: no such file"),
        (("orders.csv", "--target", "lable"), "did you mean 'label'?"),
        (("orders.csv", "--target", "when"), "is of type date"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(folder: Path, arguments: tuple[str, ...], says: str) -> None:
    code, _, said = init(*arguments)
    assert code == 2
    assert says in said
    assert not list(folder.glob("*.yaml"))


def test_data_outside_of_the_folder_is_run_with_its_root(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "work").mkdir()
    monkeypatch.chdir(folder / "work")
    assert init("../orders.csv", "--target", "label")[0] == 0
    text = (folder / "work" / "orders.yaml").read_text()
    assert f"# Run: recipe run orders.yaml --root {folder}\n" in text
    done = CliRunner().invoke(app, ["plan", "--no-shapes", "--json", "orders.yaml"])
    assert done.exit_code == 2
    assert "R290" in done.stderr
    done = CliRunner().invoke(app, ["plan", "--no-shapes", "--json", "orders.yaml", "--root", str(folder)])
    assert done.exit_code == 0, done.stderr
    plan = json.loads(done.stdout)
    assert plan["class_names"] == ["no", "yes"]
    assert {column["name"]: column["role"] for column in plan["columns"]}["order id"] == "not used"


def test_a_column_with_another_text_in_each_row_groups_nothing(folder: Path) -> None:
    lines = (folder / "orders.csv").read_text().splitlines()
    named = ["house_id", *(f"H-{n}" for n in range(300))]
    (folder / "orders.csv").write_text("\n".join(f"{name},{line}" for name, line in zip(named, lines, strict=True)))
    _, text, said = init("orders.csv", "--target", "label", "--output", "-")
    assert "house_id" in text
    assert "column: house_id" not in text + said
    assert "{by: group, column: customer_id}" in said


def test_of_a_rare_class_the_area_under_the_curve_is_expected(folder: Path) -> None:
    rows = (f"{n % 13},{n % 7},{'yes' if n % 25 == 3 else 'no'}" for n in range(500))
    (folder / "fraud.csv").write_text("\n".join(["a,b,fraud", *rows]) + "\n")
    _, text, _ = init("fraud.csv", "--target", "fraud", "--output", "-")
    assert "  metrics: [accuracy, auc]" in text
    assert '  test_auc: ">= 0.525"' in text
    assert inputs(folder, text).keys() == {"a", "b"}


@pytest.mark.parametrize(
    ("price", "marks"),
    [
        ('"{0},{1:03}"', '  thousands: ","'),
        ('"{0}.{1:03},50"', '  thousands: "."  # between groups of three digits\n  decimal: ","'),
    ],
)
def test_prices_with_marks_are_numbers_and_the_recipe_names_the_marks(folder: Path, price: str, marks: str) -> None:
    rows = (f"{n % 60},{price.format(n % 7 + 100, n)}" for n in range(120))
    (folder / "marked.csv").write_text("\n".join(["area,price", *rows]) + "\n")
    _, text, _ = init("marked.csv", "--target", "price", "--output", "-")
    assert "task: regression\n" in text
    assert marks in text
    assert list(inputs(folder, text)) == ["area"]
    assert CliRunner().invoke(app, ["data", "check", "marked.csv", "--target", "price"]).exit_code == 0


def test_marks_that_make_words_of_other_numbers_are_not_taken(folder: Path) -> None:
    rows = (f'{n}.5,"{n},75",{"ab"[n % 2]}' for n in range(60))
    (folder / "mixed.csv").write_text("\n".join(["area,price,label", *rows]) + "\n")
    _, text, _ = init("mixed.csv", "--target", "label", "--output", "-")
    assert "# area: {type: number}" in text
    assert "decimal:  # before" not in text
    code, _, said = init("mixed.csv", "--target", "price", "--output", "-")
    assert code == 2
    assert "these are numbers with `decimal: ','`" in said
    assert "without signs and units" in said


def test_the_task_of_whole_numbers_can_be_given(folder: Path) -> None:
    rows = (f"{n % 13},{n % 6},{n % 2},{n // 2 % 2}" for n in range(120))
    (folder / "visits.csv").write_text("\n".join(["a,visits,again,paid", *rows]) + "\n")
    _, text, said = init("visits.csv", "--target", "visits", "--task", "regression", "--output", "-")
    assert "task: regression" in text
    assert "test_mean_absolute_error" in text
    assert "taken for classes" not in said
    _, text, said = init("visits.csv", "--target", "visits", "--task", "classification", "--output", "-")
    assert "task: classification" in text
    assert "taken for classes" not in said
    _, text, _ = init("visits.csv", "--target", "again", "--target", "paid", "--task", "multi_label", "--output", "-")
    assert "task: multi_label" in text
    (folder / "r.yaml").write_text(text)
    assert load(folder / "r.yaml").ok


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["--target", "label", "--task", "regression"],
            "'label' is of type binary, and a regression predicts numbers",
        ),
        (["--target", "price", "--task", "classification"], "'price' has numbers with decimals"),
        (["--target", "stars", "--target", "label", "--task", "multi_label"], "'stars' has other values than 0 and 1"),
        (["--target", "label", "--target", "size", "--task", "classification"], "has one target"),
        (["--target", "label", "--task", "multi_label"], "has several targets"),
        ([], "it has 'customer_id', 'order id', 'odd: name', 'size', 'label', 'stars', 'price', 'when'"),
    ],
)
def test_a_task_that_the_target_does_not_allow_is_refused(arguments: list[str], says: str) -> None:
    code, _, said = init("orders.csv", *arguments, "--output", "-")
    assert code == 2
    assert says in " ".join(said.split())


def test_numbers_with_units_are_pointed_out(folder: Path) -> None:
    rows = (f"{n} m2,{n * 2.5}" for n in range(60))
    (folder / "flats.csv").write_text("\n".join(["area,price", *rows]) + "\n")
    _, text, said = init("flats.csv", "--target", "price", "--output", "-")
    assert "column 'area' is read as text: these are numbers with 'm2'" in said
    assert "# area: {type: text}" in text


def test_whole_numbers_that_may_count_something_are_pointed_out(folder: Path) -> None:
    rows = (f"{n % 13},{n % 6}" for n in range(120))
    (folder / "visits.csv").write_text("\n".join(["a,visits", *rows]) + "\n")
    _, text, said = init("visits.csv", "--target", "visits", "--output", "-")
    assert "task: classification" in text
    assert "The 6 whole numbers of visits are taken for classes" in said
    assert "whole numbers" not in init("orders.csv", "--target", "stars", "--output", "-")[2]


def test_a_class_of_two_rows_is_said_to_be_too_few(folder: Path) -> None:
    rows = (f"{n % 13},{'b' if n in (7, 50) else 'a'}" for n in range(120))
    (folder / "two.csv").write_text("\n".join(["a,kind", *rows]) + "\n")
    _, text, said = init("two.csv", "--target", "kind", "--output", "-")
    assert "Only 2 rows are not of the most frequent class" in said
    assert "test_accuracy" in text


def test_what_is_written_trains_and_meets_what_it_expects(folder: Path) -> None:
    assert init("orders.csv", "--target", "label")[0] == 0
    done = recipe("run", "orders.yaml", "--json", "--progress", "none", cwd=folder)
    assert done.returncode == 0, done.stderr
    run = folder / result_of(done)["run_dir"]
    assert json.loads((run / "class_names.json").read_text()) == ["no", "yes"]
    lock = json.loads((run / "lock.json").read_text())
    assert (lock["class_names"], lock["data_folder"]) == (["no", "yes"], str(folder))


def test_prices_of_few_houses_are_learnt_in_their_own_unit(folder: Path) -> None:
    random = np.random.default_rng(2)
    area, rooms, town = random.lognormal(4.7, 0.4, 300), random.integers(1, 8, 300), random.integers(0, 12, 300)
    price = np.exp(9.2 + 0.75 * np.log(area) + 0.05 * rooms + 0.08 * town + random.normal(0, 0.1, 300))
    price[::60] *= 3  # far from all others
    rows = (f"{a:.1f},{r},T{t},{p:.0f}" for a, r, t, p in zip(area, rooms, town, price, strict=True))
    (folder / "houses.csv").write_text("\n".join(["area,rooms,town,price", *rows]) + "\n")
    assert init("houses.csv", "--target", "price")[0] == 0
    done = recipe("run", "houses.yaml", "--json", "--progress", "none", cwd=folder)
    assert done.returncode == 0, done.stderr
    found = result_of(done)
    assert found["metrics"]["test_mean_absolute_error"] < 0.7 * found["baseline"]["test_mean_absolute_error"]
