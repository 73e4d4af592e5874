"""``recipe selftest resume``: it proves, and it sees what is wrong."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.events import EpochEnded, RunEnded, RunStarted, Steps
from runner.record.checkpoint import Checkpoint, write_checkpoint
from runner.record.directory import RunPaths
from runner.record.events_file import EventsWriter
from runner.workflows.selftest import checkpoint_every, compare, kill_steps
from tests.cli.program import recipe
from tests.faults.program import RECIPE, selftest

pytestmark = pytest.mark.slow


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(RECIPE.replace(", checkpoint: 7 steps", ""))
    return path


def test_a_killed_run_equals_the_one_that_was_not_and_nothing_is_left_behind(small: Path) -> None:
    done = recipe("selftest", "resume", small, "--kills", "2", "--set", "training.epochs=3", cwd=small.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    fields = ("weights", "optimizer state", "best weights", "loop state", "history", "metrics of epochs", "model files")
    rows = {line.partition("  ")[0]: line.split()[-4:] for line in done.stdout.splitlines()}
    assert all(rows[field] == ["equal", "to", "the", "bit"] for field in fields)
    assert "the run of 36 steps that was killed after step " in done.stdout
    assert list(small.parent.iterdir()) == [small]


def test_a_run_that_goes_on_without_its_optimizers_state_is_found_out(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = selftest(monkeypatch, small, "--kills", "1", "--seed", "4", "--json", "-q", fault="forgetful")
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["status"] == "different"
    assert len(report["killed_at"]) == 1
    differing = {field["field"]: field["differing"] for field in report["fields"]}
    assert differing["weights"]
    assert differing["history"]


def test_a_recipe_that_is_not_valid_exits_2_before_anything_is_trained(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(RECIPE.replace("dropout: 0.2", "droput: 0.2"))
    done = recipe("selftest", "resume", path, cwd=tmp_path)
    assert done.returncode == 2
    assert "did you mean 'dropout'?" in done.stderr
    assert "training" not in done.stderr


def test_a_run_that_does_not_come_to_its_end_exits_with_what_it_said(small: Path) -> None:
    done = recipe(
        "selftest", "resume", small, "--set", "hardware.device=gpu", cwd=small.parent, CUDA_VISIBLE_DEVICES=""
    )
    assert done.returncode == 2, done.stdout
    assert "no GPU was found: GPUs are hidden by CUDA_VISIBLE_DEVICES=''" in done.stderr
    assert "unset CUDA_VISIBLE_DEVICES" in done.stderr
    assert "the run did not finish: exit code 2" in done.stderr


def test_steps_of_kills_are_chosen_by_seed_and_all_different() -> None:
    assert kill_steps(60, 5, 1) == kill_steps(60, 5, 1) != kill_steps(60, 5, 2)
    assert kill_steps(3, 10, 0) == [0, 1, 2]
    assert checkpoint_every(60, 3) == 3
    assert checkpoint_every(2, 3) == 1


def made(folder: Path, **changes: Any) -> RunPaths:
    """The record of a run of two steps, without training."""
    values: dict[str, Any] = {"weight": 1.0, "epoch": 0.5, "loss": 0.25, "result": 0.75, "part": b"x", "wait": 0}
    values |= changes
    folder.mkdir()
    paths = RunPaths(folder)
    arrays = {"model.0000": np.array([1.0, values["weight"]], np.float32), "optimizer.0000": np.zeros(2)}
    write_checkpoint(paths.checkpoints(), Checkpoint(2, {"wait": values["wait"], "seconds": np.pi}, arrays))
    with EventsWriter(paths.events) as record:
        record(
            RunStarted(recipe="r", run_dir="r", fingerprint="f", seed=0, steps=2, epochs=1, steps_per_epoch=2,
                       batch_size=1, parameters=2, data="d", phases=(), metrics=("loss",))
        )  # fmt: skip
        record(
            Steps(first_step=0, epoch=0, learning_rate=(0.1, 0.1), momentum=None, loss=(float("nan"), values["loss"]),
                  examples=2, seconds=1.0)
        )  # fmt: skip
        record(
            EpochEnded(epoch=0, step=2, metrics={"loss": values["epoch"]}, learning_rate=0.1, momentum=None,
                       seconds=1.0, examples_per_second=1.0, phase="", best=True)
        )  # fmt: skip
        record(
            RunEnded(status="finished", message=None, steps=2, seconds_total=1.0, seconds_training=1.0,
                     metrics={"test_loss": values["result"]}, best=None)
        )  # fmt: skip
    with zipfile.ZipFile(paths.model, "w") as archive:
        archive.writestr("metadata.json", str(folder))
        archive.writestr("model.weights.h5", values["part"])
    return paths


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({}, None, ""),
        ({"weight": np.nextafter(np.float32(1), np.float32(2))}, "weights", "model.0000: 1 of 2 values"),
        ({"wait": 1}, "loop state", "wait: 0 → 1"),
        ({"loss": 0.2500001}, "history", "step 1: "),
        ({"epoch": 0.6}, "metrics of epochs", "1.loss: 0.5 → 0.6"),
        ({"result": 0.76}, "results", "metrics.test_loss: 0.75 → 0.76"),
        ({"part": b"y"}, "model files", "model.keras model.weights.h5"),
    ],
)
def test_the_last_bit_of_every_field_is_looked_at(
    tmp_path: Path, change: dict[str, Any], field: str | None, said: str
) -> None:
    found = list(compare(made(tmp_path / "a"), made(tmp_path / "b", **change)))
    assert [one.field for one in found if one.differing] == ([field] if field else [])
    assert all(one.compared for one in found)
    assert any(said in text for one in found for text in one.differing) or not field
