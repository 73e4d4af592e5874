"""A small run that faults happen to, and all that it leaves."""

import json
import os
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h5py
import numpy as np
import pytest
from typer.testing import CliRunner

from runner.cli import app
from runner.record.checkpoint import list_checkpoints, newest_checkpoint
from runner.record.directory import RunPaths
from tests.cli.program import LIMIT, environment, recipe
from tests.forking import client

HOOKS = Path(__file__).parent / "hooks"
STEPS = 60
RECIPE = """\
recipe: 1
name: small
task: classification
seed: 5
data: {source: builtin, name: digits, scale: 1/16, batch_size: 128}
model:
  kind: sequential
  input_dropout: 0.1
  layers:
    - {kind: flatten}
    - {kind: batch_normalization}
    - {kind: dense, units: 16, activation: relu, dropout: 0.2}
optimizer: {kind: adam}
schedule: {kind: 1cycle, max_lr: 0.01}
training: {epochs: 5, checkpoint: 7 steps}
"""
"""Five epochs of twelve steps."""

Process = "subprocess.CompletedProcess[str]"


def program(*arguments: str | Path, cwd: Path, fault: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run ``recipe``, with a fault of ``hooks/sitecustomize.py``."""
    path = os.pathsep.join(filter(None, (str(HOOKS), os.environ.get("PYTHONPATH"))))
    return recipe(*arguments, cwd=cwd, PYTHONPATH=path, RECIPE_FAULT=fault, **variables)


def selftest(
    monkeypatch: pytest.MonkeyPatch, recipe: Path, *arguments: str, fault: str = "", **variables: str
) -> "subprocess.CompletedProcess[str]":
    """``recipe selftest resume`` in this process, which forks its runs as others are; they may have a fault."""
    variables = environment(PYTHONPATH=str(HOOKS), RECIPE_FAULT=fault, **variables)

    def forked(command: list[str], **_: object) -> "subprocess.CompletedProcess[str]":
        return client.run(command[1:], cwd=recipe.parent, environment=variables, timeout=LIMIT)

    monkeypatch.setattr("runner.workflows.trial.subprocess", SimpleNamespace(run=forked))
    done = CliRunner().invoke(app, ["selftest", "resume", str(recipe), *arguments])
    return subprocess.CompletedProcess(["recipe"], done.exit_code, done.stdout, done.stderr)


def run(folder: Path, *arguments: str, text: str = RECIPE, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Train into ``folder``."""
    (folder.parent / "small.yaml").write_text(text)
    return program(
        "run", "small.yaml", "--run-dir", folder.name, "--progress", "plain", *arguments,
        cwd=folder.parent, **variables,
    )  # fmt: skip


def resume(folder: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Go on in ``folder``."""
    return program("resume", folder.name, "--progress", "plain", *arguments, cwd=folder.parent, **variables)


def copied(folder: Path, target: Path) -> Path:
    """A copy of a run that a fault may happen to."""
    return Path(shutil.copytree(folder, target / "run"))


def folder_of_checkpoints(folder: Path) -> Path:
    """Of the recipe as it was last changed."""
    lock = folder / "lock.json"
    generation = json.loads(lock.read_text()).get("generation", 0) if lock.exists() else 0
    return RunPaths(folder).checkpoints(generation)


def checkpoints_of(folder: Path) -> list[Path]:
    """Newest first."""
    return list_checkpoints(folder_of_checkpoints(folder))


def files_of(folder: Path) -> dict[str, bytes]:
    """Content of every file by its path; the lock is none of the run's."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def outcome(folder: Path) -> dict[str, Any]:
    """All that a run ends with, as values that can be compared: state, arrays, models, history, results."""
    paths = RunPaths(folder)
    checkpoint, broken = newest_checkpoint(folder_of_checkpoints(folder))
    assert checkpoint is not None, broken
    history = program("history", folder.name, "--format", "csv", cwd=folder.parent)
    assert history.returncode == 0, history.stderr
    arrays = {name: array.tobytes() for name, array in checkpoint.arrays.items()}
    models = {f"{path.name} {name}": value for path in (paths.model, paths.best) for name, value in _weights(path)}
    ended = json.loads(paths.events.read_text().splitlines()[-1])
    results = {f"results {key}": ended[key] for key in ("event", "status", "steps", "metrics", "best")}
    state = {name: value for name, value in checkpoint.state.items() if name != "seconds"}  # of the clock
    return {"step": checkpoint.step, **state, **arrays, **models, **results, "history": history.stdout}


def _weights(path: Path) -> list[tuple[str, bytes]]:
    """Every array of a Keras file, without starting TensorFlow."""
    found: list[tuple[str, bytes]] = []

    def visit(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            found.append((name, np.asarray(item).tobytes()))

    with zipfile.ZipFile(path) as archive, h5py.File(BytesIO(archive.read("model.weights.h5"))) as file:
        file.visititems(visit)
    return found


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Names of what differs."""
    return [name for name in {**one, **other} if one.get(name) != other.get(name)]


def damage(path: Path, how: str) -> None:
    """Tear, flip or empty a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes({"torn": data[: len(data) // 3], "flipped": data, "empty": b""}[how])
