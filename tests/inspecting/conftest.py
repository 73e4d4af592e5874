"""A run on a table with a wrong label."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from runner.cli import app
from tests.started import tensorflow

__all__ = ["tensorflow"]

RECIPE = """\
recipe: 1
name: clouds
task: classification
seed: 4
data:
  source: csv
  files: clouds.csv
  target: kind
  splits: {train: 80%, validation: 20%, test: 0%}
  batch_size: 6
model:
  kind: sequential
  layers: [{kind: dense, units: 8, activation: tanh, dropout: 0.1}]
optimizer: {kind: adam}
schedule: {kind: constant, learning_rate: 0.02}
training: {epochs: 5, checkpoint: 7 steps}
"""
WRONG = 17
"""Row of the table, from 1, that says another kind than its values."""


@dataclass(frozen=True)
class Folder:
    """A folder with a recipe, its data and its run."""

    path: Path

    @property
    def run(self) -> Path:
        return self.path / "run"


def call(*arguments: str | Path) -> Result:
    """The program in this process."""
    return CliRunner().invoke(app, list(map(str, arguments)))


def write_clouds(path: Path) -> None:
    """Three clouds far apart, a row each for 60 points, one of them with the wrong name."""
    generator = np.random.default_rng(5)
    kinds = generator.integers(0, 3, 60)
    points = generator.normal(size=(60, 2)) * 0.2 + np.array([[0, 4], [4, 0], [-4, -4]])[kinds]
    kinds[WRONG - 1] = (kinds[WRONG - 1] + 1) % 3
    names = np.array(["ash", "birch", "cedar"])[kinds]
    rows = [f"{x:.3f},{y:.3f},{name}" for (x, y), name in zip(points, names, strict=True)]
    path.write_text("\n".join(["height,width,kind", *rows]) + "\n")


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The run, which no test changes."""
    folder = Folder(tmp_path_factory.mktemp("clouds"))
    write_clouds(folder.path / "clouds.csv")
    (folder.path / "clouds.yaml").write_text(RECIPE)
    done = call("run", folder.path / "clouds.yaml", "--run-dir", folder.run, "--progress", "none")
    assert done.exit_code == 0, done.output
    return folder
