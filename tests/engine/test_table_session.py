"""A session on a table that breaks off at a random step goes on to the same bits."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.data.access import DataAccess
from runner.engine.loop.session import TrainingJob, train
from runner.events import Event, Steps
from runner.record.checkpoint import Checkpoint, newest_checkpoint
from runner.record.directory import RunDirectory, open_explicit
from runner.workflows.prepare import prepare
from schemas.recipe import Recipe

RECIPE: dict[str, Any] = {
    "recipe": 1,
    "name": "table",
    "task": "regression",
    "data": {
        "source": "csv",
        "files": "t.csv",
        "target": ["y", "z"],
        "weight": "w",
        "columns": {
            "b": {"missing": "median"},
            "town": {"embed": 2},
            "when": {"parts": ["month"], "cyclic": ["weekday"]},
            "k": {"type": "ignore"},
        },
    },
    "model": {"kind": "sequential", "layers": [{"kind": "dense", "units": 4, "activation": "relu", "dropout": 0.3}]},
    "schedule": {"kind": "1cycle", "max_lr": 0.01},
    "optimizer": {"kind": "adam"},
    "training": {"epochs": 4, "checkpoint": "1 steps"},
}


GRAPH: dict[str, Any] = {
    **RECIPE,
    "task": "multi_output",
    "data": RECIPE["data"]
    | {
        "target": ["y", "k"],
        "columns": RECIPE["data"]["columns"] | {"k": {"type": "category"}, "z": {"type": "ignore"}},
    },
    "model": {
        "kind": "functional",
        "inputs": {"left": {"columns": ["a", "town"]}, "right": {"columns": ["b", "town"]}},
        "layers": [
            {"kind": "dense", "units": 4, "activation": "relu", "dropout": 0.3, "name": "tower", "inputs": ["left"]},
            {"kind": "shared", "layer": "tower", "inputs": ["right"], "name": "other"},
            {"kind": "concatenate", "inputs": ["tower", "other"]},
        ],
        "outputs": {"y": {"task": "regression", "input": "tower"}, "k": {"task": "classification", "loss_weight": 0.5}},
    },
}
"""With parts of the input, a layer in two places, and two outputs."""


class Broken(Exception):
    """What ends a session in the middle."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    draw = np.random.default_rng(0)
    lines = ["a,b,town,y,z,w,when,k"]
    for n in range(150):
        a, b = draw.normal(size=2)
        y, town = a + 2 * b + n % 3, ["Rome", "Oslo", ""][n % 3]
        known, when = f"{b:.3f}" if n % 6 else "", f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}"
        lines.append(f"{a:.3f},{known},{town},{y:.3f},{a:.3f},{abs(b):.3f},{when},{'uvw'[n % 3]}")
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def session(
    tree: dict[str, Any],
    directory: RunDirectory,
    folder: Path,
    hear: Callable[[Event], None],
    at: Checkpoint | None = None,
) -> Any:
    access = DataAccess().within(folder)
    plan = prepare(Recipe.model_validate(tree), access, print)
    job = TrainingJob(plan, access, directory, directory.checkpoints(), lambda digests: None, at)
    return train(job, hear, 0.0)


def last(directory: RunDirectory) -> Checkpoint:
    found, broken = newest_checkpoint(directory.checkpoints())
    assert found is not None
    assert not broken
    return found


@pytest.mark.parametrize("tree", [RECIPE, GRAPH], ids=["chain", "graph"])
def test_a_session_that_breaks_off_goes_on_to_the_same_bits(folder: Path, tree: dict[str, Any]) -> None:
    with open_explicit(folder / "straight") as straight:
        whole = session(tree, straight, folder, lambda event: None)
        wanted = last(straight)
    step = random.Random(4).randrange(1, whole.steps - 1)

    def break_off(event: Event) -> None:
        if isinstance(event, Steps) and event.last_step >= step:
            raise Broken

    with open_explicit(folder / "broken") as broken:
        with pytest.raises(Broken):
            session(tree, broken, folder, break_off)
        kept = last(broken)
        assert 0 < kept.step < whole.steps
        ended = session(tree, broken, folder, lambda event: None, kept)
        found = last(broken)
    assert (ended.status, ended.metrics) == ("finished", whole.metrics)
    assert found.arrays.keys() == wanted.arrays.keys()
    for name, array in wanted.arrays.items():
        assert array.tobytes() == found.arrays[name].tobytes(), name
