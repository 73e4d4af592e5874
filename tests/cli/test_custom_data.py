"""A run on examples of custom code: permission, use afterwards, and data that has changed."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.program import recipe
from tests.inference.trained import evaluated, program

RECIPE = """\
recipe: 1
name: mine
task: classification
data: {source: custom, target: "tapes:load", batch_size: 16}
model: {kind: sequential, layers: [{kind: dense, units: 4, activation: relu}]}
optimizer: {kind: adam}
training: {epochs: 1}
"""
CODE = """\
from pathlib import Path
import numpy as np

def load():
    x = np.load(Path(__file__).with_name("x.npy"))
    return x, (x.sum(axis=1) > 0).astype(int)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "r.yaml").write_text(RECIPE)
    (tmp_path / "tapes.py").write_text(CODE)
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(80, 4)))
    return tmp_path


def test_what_would_be_imported_is_said_and_needs_permission(folder: Path) -> None:
    (folder / "tapes.py").write_text("raise SystemExit('imported')")
    found = program("validate", folder / "r.yaml")
    assert "a run would import tapes and call load" in found.stdout
    assert "R206" in program("run", folder / "r.yaml", status=2).stderr
    for verb in (["plan"], ["data", "check"], ["data", "show"]):
        done = program(*verb, folder / "r.yaml", status=2)
        assert "imported only with --allow-code" in done.stderr
        assert "r.yaml:4:32" in done.stderr
    assert not list(folder.glob("runs"))
    assert "tapes:load" in program("why", folder / "r.yaml", "data.target").stdout
    assert "default" in program("why", folder / "r.yaml", "training.loss").stdout  # not inferred without the code


@pytest.mark.slow
def test_code_that_sets_tensorflow_up_too_early_is_refused(folder: Path) -> None:
    (folder / "tapes.py").write_text("def load():\n    import tensorflow\n    return [1], [2]\n")
    done = recipe("plan", "r.yaml", "--allow-code", cwd=folder)  # in a process of its own
    assert done.returncode == 2
    assert "tapes:load imports tensorflow, before the program has set it up" in done.stderr


def test_a_run_and_its_use(folder: Path) -> None:
    shown = program("plan", folder / "r.yaml", "--allow-code").stdout
    assert "custom tapes:load" in shown
    done = program("run", folder / "r.yaml", "--allow-code", "--run-dir", folder / "run", "--progress", "none")
    assert "R185" not in done.stderr
    seen = json.loads(program("data", "check", folder / "r.yaml", "--allow-code", "--json").stdout)
    assert seen["examples"] == {"train": 64, "validation": 8, "test": 8}
    run = folder / "run"
    assert evaluated(run, "--allow-code")["examples"] == 8
    assert "R206" in program("evaluate", run, status=2).stderr
    np.save(folder / "x.npy", np.random.default_rng(1).normal(size=(80, 4)))
    changed = program("evaluate", run, "--allow-code", status=2)
    assert "the run was trained on custom tapes:load" in changed.stderr
