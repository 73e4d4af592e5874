"""Notebooks: the tutorial runs, a run is drawn in its cell, and objects have a form of their own there."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from runner import api
from runner.events import Warned
from runner.notebook import register_html
from runner.sinks.notebook import NotebookSink
from runner.sinks.plain_lines import PlainSink
from tests.cli.program import LIMIT
from tests.sinks.script import started, whole_run

REPOSITORY = Path(__file__).parents[1]
TUTORIAL = REPOSITORY / "docs" / "examples" / "tutorial.ipynb"


class Cell:
    """Outputs of a cell, as IPython's ``display`` and its handles fill it."""

    def __init__(self) -> None:
        self.outputs: list[list[dict[str, str]]] = []

    def display(self, bundle: dict[str, str], *, raw: bool, display_id: bool) -> "Handle":
        assert raw
        assert display_id
        self.outputs.append([bundle])
        return Handle(self.outputs[-1])


class Handle:
    def __init__(self, shown: list[dict[str, str]]) -> None:
        self._shown = shown

    def update(self, bundle: dict[str, str], *, raw: bool) -> None:
        assert raw
        self._shown.append(bundle)


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> Cell:
    cell = Cell()
    monkeypatch.setattr("IPython.display.display", cell.display)
    return cell


def test_a_run_is_drawn_in_one_output_that_is_replaced(cell: Cell) -> None:
    sink = NotebookSink()
    for event in whole_run(3):
        sink(event)
    (shown,) = cell.outputs
    texts = [bundle["text/plain"] for bundle in shown]
    assert any("compiling the training step" in text for text in texts)
    assert any("━" in text and "  1/3 " in text for text in texts), "table and bar"
    last = texts[-1]
    assert "  3/3 " in last
    assert "━" not in last
    assert "result    finished" in last
    for bundle in shown:
        assert bundle["text/html"].startswith("<pre style=")


def test_a_second_run_has_an_output_of_its_own(cell: Cell) -> None:
    sink = NotebookSink()
    for event in [*whole_run(1), *whole_run(2)]:
        sink(event)
    assert len(cell.outputs) == 2
    assert "1/2" not in cell.outputs[0][-1]["text/plain"]
    assert cell.outputs[1][-1]["text/plain"].count("recipe    ") == 1


def test_what_a_recipe_calls_itself_is_no_markup(cell: Cell) -> None:
    sink = NotebookSink()
    sink(started(1, recipe="<script>alert(1)</script>", data="a & b"))
    sink(Warned(message="<img src=x onerror=alert(1)>"))
    page = cell.outputs[0][-1]["text/html"]
    assert "&lt;script&gt;" in page
    assert "a &amp; b" in page
    assert "<script" not in page
    assert "<img" not in page


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    shell = InteractiveShell.instance()
    register_html()
    yield shell
    InteractiveShell.clear_instance()


def html(shell: InteractiveShell, shown: Any) -> str:
    data, _ = shell.display_formatter.format(shown)
    return str(data["text/html"])


def test_a_plan_is_shown_with_its_phases_and_its_curve(shell: InteractiveShell) -> None:
    page = html(shell, api.plan("digits_phases"))
    for word in ("fingerprint", "warm up", "0.005 → 0.1", "data:image/svg+xml;base64,"):
        assert word in page
    assert "⣀" not in page  # the curve is a picture, and not drawn with characters as well


def test_a_result_is_shown_with_its_figures(shell: InteractiveShell) -> None:
    values = {"message": "<b>", "expectations": [{"metric": "loss", "bound": "<= 1", "met": False}]}
    page = html(shell, api.Result("expectation_missed", Path("runs/a"), {"val_loss": 0.25}, values))
    assert "finished, but missed an expectation, &lt;b&gt;, runs/a" in page
    assert ">val_loss</td>" in page
    assert ">0.2500</td>" in page
    assert ">missed</td>" in page


def test_outside_of_a_kernel_runs_are_lines(shell: InteractiveShell) -> None:
    assert isinstance(api.live_table(), PlainSink)


@pytest.mark.slow
def test_the_tutorial_runs_and_shows_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import nbformat
    from nbclient import NotebookClient
    from traitlets.config import Config

    monkeypatch.setenv("PYTHONPATH", os.fspath(REPOSITORY))
    notebook = nbformat.read(TUTORIAL, 4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in cells), "outputs are not committed"
    resources = {"metadata": {"path": os.fspath(tmp_path)}}
    with TemporaryDirectory() as short:  # a port that is free now may be another's when the kernel is up
        sockets = Config(KernelManager={"transport": "ipc", "ip": f"{short}/kernel"})
        NotebookClient(notebook, timeout=600, startup_timeout=LIMIT, resources=resources, config=sockets).execute()
    by_source = {cell.source: cell.outputs for cell in cells}

    def outputs(word: str) -> list[Any]:
        return next(found for source, found in by_source.items() if word in source)

    assert "image/svg+xml" in outputs("planned = plan")[0].data["text/html"]
    table, result = outputs("result = run")
    assert "8/8" in table.data["text/plain"]
    assert "result    finished" in table.data["text/plain"]
    assert "test_accuracy" in result.data["text/html"]
    assert [outputs(word)[-1].data["text/plain"] for word in ("np.array_equal", "resumed = ")] == ["True", "True"]
    assert "precision" in outputs("evaluate(result")[0].data["text/html"]
    assert outputs("stream(recipe)")[0].text.startswith("epoch 1: ")
    assert not [out for found in by_source.values() for out in found if out.get("name") == "stderr"]
