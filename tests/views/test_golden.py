"""Plans, data and evaluations at 40, 80 and 120 columns; ``RECIPE_GOLDEN=write`` writes the texts anew."""

import os
from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from runner.cli import app
from runner.inference.lines import evaluation_lines
from runner.views.lines import Screen

GOLDEN = Path(__file__).with_name("golden")
CLASSES = ("cat", "a very long name that nobody wants to see in a table", "日本語の猫", "🐱 kitten")
RECIPE = """\
recipe: 1
name: beasts
task: multi_output
data: {source: csv, files: beasts.csv, target: [kind, price_of_the_animal], batch_size: 32}
model:
  kind: functional
  layers: [{kind: dense, units: 8, activation: relu}]
  outputs:
    kind: {task: classification}
    price_of_the_animal: {task: regression, loss: huber, loss_weight: 1.0e-06}
optimizer: {kind: adam}
schedule: {kind: 1cycle, max_lr: 1000000.0}
training: {epochs: 10}
"""
VIEWS = {
    "plan": ("plan", "r.yaml"),
    "data_show": ("data", "show", "r.yaml"),
    "data_check": ("data", "check", "r.yaml"),
    "data_baseline": ("data", "baseline", "r.yaml"),
    "why": ("why", "r.yaml"),
    "explain": ("explain", "R117"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recipe of two outputs whose columns and classes have long names, names in wide characters, and large values."""
    found = tmp_path_factory.mktemp("views")
    draw = np.random.default_rng(3)
    rows = [
        f"{draw.normal():.3f},{1e5 * draw.normal():.1f},{CLASSES[k % 4]},{draw.normal() * 1e6:.2f}" for k in range(200)
    ]
    heading = "höhe,weight of the animal in grams,kind,price_of_the_animal"
    (found / "beasts.csv").write_text("\n".join([heading, *rows]) + "\n")
    (found / "r.yaml").write_text(RECIPE)
    return found


def held(name: str, columns: int, text: str) -> None:
    """Compare with the text that was looked at, and with the width of the screen."""
    path = GOLDEN / f"{name}_{columns}.txt"
    if os.environ.get("RECIPE_GOLDEN") == "write":
        path.write_text(text)
    assert text == path.read_text()
    if name not in ("explain", "why"):  # examples and values of recipes, which are not wrapped, nor are paths of runs
        assert max(cell_len(line) for line in text.splitlines() if not line.startswith("runs/")) <= columns
    assert not any(line.endswith(" ") for line in text.splitlines())


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_as_it_was_looked_at(folder: Path, monkeypatch: pytest.MonkeyPatch, view: str, columns: int) -> None:
    monkeypatch.chdir(folder)
    variables = {"COLUMNS": str(columns), "NO_COLOR": "1", "RECIPE_CACHE_DIR": str(folder / "cache")}
    done = CliRunner().invoke(app, VIEWS[view], env=variables)
    assert done.exit_code == 0, done.output
    held(view, columns, done.stdout)


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_an_evaluation_is_as_it_was_looked_at(columns: int) -> None:
    figures = {"precision": 0.8, "recall": 0.7059, "f1": 0.75, "support": 1234}
    classes = [{"name": name, **figures} for name in (*CLASSES, "\x1b[2J")]
    errors = {"mean_absolute_error": 131586.2, "root_mean_squared_error": 1.016e6, "r2": -0.0388}
    metrics = {"loss": 1.985e10, "accuracy": 0.67, **errors}
    result = {
        "run_dir": "runs/beasts/20260101-000000-abcdef01",
        "model": "model.keras",
        "data": "csv beasts.csv 6133f0f85564",
        "split": "test",
        "examples": 6170,
        "metrics": metrics,
        "classes": classes,
        "targets": [{"name": "price_of_the_animal", **errors}],
    }
    lines = evaluation_lines(result, Screen(columns, unicode=True, color=False))
    held("evaluation", columns, "".join(f"{line.plain.rstrip()}\n" for line in lines))
