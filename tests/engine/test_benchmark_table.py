"""The benchmarks' table goes where it belongs, and the README quotes it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks import table
from tests.benchmarks.__main__ import CASES, ROUNDS
from tests.benchmarks.table import BEGIN, END, Row

ROWS = [
    Row("mlp", "engine", (0.5, 0.7, 0.6), (1.0, 1.0, 1.0), 900.4),
    Row("mlp", "fit", (1.5, 1.4, 1.8), (3.0, 2.0, 3.0), 800.0),
    Row("lenet", "engine", (1.5,), (1.0,)),
    Row("lenet", "fit", (2.654,), (1.77,)),
    Row("growth", "4 times the steps", (1.2,)),
]


def generated(text: str) -> str:
    """What is between the two lines; tables written by hand stand behind it."""
    return text.partition(BEGIN)[2].partition(END)[0]


def test_a_row_has_the_median_and_every_round() -> None:
    assert table.markdown(ROWS)[2:4] == [
        "| mlp | engine | 0.600 | 1.00 (1.00, 1.00, 1.00) | 900 MiB |",
        "| mlp | fit | 1.500 | 3.00 (3.00, 2.00, 3.00) | 800 MiB |",
    ]
    assert table.markdown(ROWS)[-1] == "| growth | 4 times the steps | 1.200 |  |  |"


def test_figures_replace_the_ones_before_and_nothing_else() -> None:
    text = f"read this\n\n{BEGIN}\n\nold\n\n{END}\n\nand this\n"
    assert table.written(text, ["new"]) == text.replace("old", "new")
    with pytest.raises(ValueError, match="there must be a line"):
        table.written("no place", ["new"])


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both files, to be written to."""
    for name in ("DOCS", "README"):
        copied = tmp_path / getattr(table, name).name
        copied.write_text(getattr(table, name).read_text("utf-8"), "utf-8")
        monkeypatch.setattr(table, name, copied)


@pytest.mark.usefixtures("copies")
def test_both_files_take_the_figures() -> None:
    table.write(ROWS, 3)
    assert "| mlp | fit | 1.500 |" in table.DOCS.read_text("utf-8")
    assert "cores; Python 3." in table.DOCS.read_text("utf-8")
    readme = table.README.read_text("utf-8")
    assert "| MLP | 0.60 | 1.50 |\n| LeNet | 1.50 | 2.65 |" in readme
    assert readme.count(BEGIN) == readme.count(END) == 1


@pytest.mark.usefixtures("copies")
def test_a_part_renews_its_rows_and_leaves_the_others() -> None:
    table.write(ROWS, 3)
    readme = table.README.read_text("utf-8")
    table.require_mergeable(3)
    table.write([Row("lstm", "engine", (9.0,)), Row("lenet", "torch", ())], 3, tuple(CASES))
    assert rows_of_docs() == [
        ("mlp", "engine", "0.600"), ("mlp", "fit", "1.500"), ("lenet", "torch", "not measured"),
        ("lstm", "engine", "9.000"), ("growth", "4 times the steps", "1.200"),
    ]  # fmt: skip
    assert "Last measured again: lstm, lenet." in table.DOCS.read_text("utf-8")
    assert table.README.read_text("utf-8") == readme
    table.require_mergeable(3)


def rows_of_docs() -> list[tuple[str, ...]]:
    """Case, contestant and seconds of every row."""
    lines = [line for line in generated(table.DOCS.read_text("utf-8")).splitlines() if line.startswith("| ")][1:]
    return [tuple(cell.strip() for cell in line.split("|")[1:4]) for line in lines]


def measuring(monkeypatch: pytest.MonkeyPatch, *failing: str) -> None:
    """Three cases, of which some fail after their first row; those behind them see what has been written by then."""

    def case(name: str, seconds: float) -> Iterator[Row]:
        yield Row(name, "engine", (seconds,))
        if name in failing:
            sys.exit("out of memory")
        yield Row(name, "fit", (2 * seconds,))

    cases = {name: (lambda name=name, at=at: case(name, at)) for at, name in enumerate(("mlp", "lenet", "lstm"), 1)}
    monkeypatch.setattr(bench, "CASES", cases)
    monkeypatch.setattr(sys, "argv", ["bench"])
    monkeypatch.delenv("PART", raising=False)


@pytest.mark.usefixtures("copies")
@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_case_that_fails_is_named_and_costs_no_other_its_figures(
    elsewhere: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table.write([Row("lenet", "fit", (9.0,)), Row("lstm", "fit", (9.0,)), Row("gone", "fit", (9.0,))], ROUNDS)
    if elsewhere:
        monkeypatch.setattr(table, "cores", lambda: 96)
    measuring(monkeypatch, "lenet")
    with pytest.raises(SystemExit, match=r"^failed: lenet$"):
        bench.main()
    measured = ["mlp engine 1.000", "mlp fit 2.000", "lenet engine 2.000", "lstm engine 3.000", "lstm fit 6.000"]
    assert [" ".join(row) for row in rows_of_docs()] == measured
    assert "out of memory" in capsys.readouterr().err


@pytest.mark.usefixtures("copies")
@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_case_is_kept_as_soon_as_it_is_measured(elsewhere: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the whole bench is then stopped; what has not been measured again stays if it is of this machine."""
    table.write([Row("lenet", "fit", (9.0,)), Row("lstm", "fit", (9.0,))], ROUNDS)
    if elsewhere:
        monkeypatch.setattr(table, "cores", lambda: 96)
    measuring(monkeypatch)

    def stopped() -> Iterator[Row]:
        raise KeyboardInterrupt

    monkeypatch.setitem(bench.CASES, "lenet", stopped)
    with pytest.raises(KeyboardInterrupt):
        bench.main()
    kept = [] if elsewhere else ["lenet fit 9.000", "lstm fit 9.000"]
    assert [" ".join(row) for row in rows_of_docs()] == ["mlp engine 1.000", "mlp fit 2.000", *kept]
    assert ("Last measured again: mlp." in table.DOCS.read_text("utf-8")) is not elsewhere


@pytest.mark.usefixtures("copies")
def test_nothing_is_said_of_earlier_rows_once_all_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    table.write([Row("lenet", "fit", (9.0,))], ROUNDS)
    measuring(monkeypatch)
    bench.main()
    assert len(rows_of_docs()) == 6
    assert "Last measured again" not in table.DOCS.read_text("utf-8")


@pytest.mark.usefixtures("copies")
def test_a_part_measured_elsewhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    table.DOCS.write_text(table.written(table.DOCS.read_text("utf-8"), ["Not measured."]), "utf-8")
    with pytest.raises(SystemExit, match="no table yet"):
        table.require_mergeable(3)
    table.write(ROWS, 3)
    monkeypatch.setattr(table, "cores", lambda: 96)
    with pytest.raises(SystemExit, match="measured elsewhere"):
        table.require_mergeable(3)


def test_the_readme_quotes_nothing_that_the_table_has_not() -> None:
    """Once there is a table."""
    found = generated(table.DOCS.read_text("utf-8"))
    if "| mlp | engine |" not in found:
        pytest.skip("`make bench` has not been run for this version")
    quoted = generated(table.README.read_text("utf-8"))
    seconds = {f"{float(value):.2f}" for value in re.findall(r"\| (\d+\.\d{3}) \|", found)}
    assert set(re.findall(r"\d+\.\d\d", quoted)) <= seconds


def test_every_case_is_explained() -> None:
    said = table.DOCS.read_text("utf-8")
    assert not [name for name in CASES if name not in said and not name.startswith("evaluate ")]


def test_an_unknown_case_is_refused_with_those_there_are() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "warp"],
        cwd=table.README.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "unknown case 'warp'; there are mlp, lenet" in done.stderr
