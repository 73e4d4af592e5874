"""A run on a table that is killed goes on to the same bits: streamed from the file, with dropout, in other folders."""

from pathlib import Path

import numpy as np
import pytest

from tests.cli.program import recipe, result_of
from tests.faults.program import selftest

pytestmark = pytest.mark.slow

RECIPE = """
recipe: 1
name: table
task: classification
data:
  source: csv
  files: parts/*.csv
  target: label
  columns: {x3: {missing: median, indicator: true}}
  batch_size: 512
  resident_limit: 1 MiB
model:
  kind: sequential
  layers:
    - {kind: dense, units: 8, activation: relu, dropout: 0.2}
schedule: {kind: 1cycle, max_lr: 0.1}
optimizer: {kind: sgd}
training: {epochs: 2}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    random = np.random.default_rng(0)
    (tmp_path / "parts").mkdir()
    for part in range(2):
        lines = [",".join([*(f"x{k}" for k in range(9)), "town", "label"])]
        for _ in range(12_000):
            x = random.normal(size=9)
            values = [f"{value:.4f}" for value in x]
            values[3] = "" if x[4] > 1 else values[3]
            town = ("Rome", "Oslo", "Lima")[int(x[0] > 0) + int(x[1] > 0)]
            lines.append(",".join([*values, town, "high" if x[2] + (town == "Rome") > 0 else "low"]))
        (tmp_path / "parts" / f"{part}.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "r.yaml").write_text(RECIPE)
    return tmp_path


def test_a_killed_run_on_a_streamed_table_goes_on_to_the_same_bits(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = selftest(monkeypatch, folder / "r.yaml", "--kills", "1", "--json")
    assert result_of(done)["status"] == "equal", done.stdout


def test_a_run_finds_its_data_from_anywhere_and_refuses_it_when_it_has_changed(folder: Path) -> None:
    done = recipe("run", "r.yaml", "--run-dir", "run", "--kill-at", "20", "--progress", "none", cwd=folder)
    assert done.returncode == -9
    file, elsewhere = folder / "parts" / "1.csv", folder / "elsewhere"
    elsewhere.mkdir()
    text = file.read_text()
    file.write_text(text.replace("Rome", "Bonn", 1))
    done = recipe("resume", folder / "run", "--progress", "none", cwd=elsewhere)
    assert done.returncode == 2
    assert "data: " in done.stderr
    file.write_text(text)
    done = recipe("resume", folder / "run", "--json", "--progress", "none", cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    assert result_of(done)["status"] == "finished"
