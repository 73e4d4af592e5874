"""SIGKILL at any moment: the run goes on to the same bits."""

import os
import random
from pathlib import Path

import pytest

from runner.record.checkpoint import list_checkpoints, read_checkpoint
from runner.record.directory import RunPaths
from tests.faults.program import RECIPE, STEPS, differing, outcome, resume, run

MOMENTS = (
    "before-rename:lock.json",
    "torn-event:3",
    "torn-checkpoint:14",
    "before-rename:step-000000000028.safetensors",
    "before-rename:best.keras",
)
"""In a row: before anything is recorded, before the first checkpoint, within one, before one is in its place, and when
all steps are done but the models are not saved."""


def test_killed_at_one_moment_after_another_a_run_goes_on_to_the_same_bits(straight: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert run(folder, fault=MOMENTS[0]).returncode == -9
    for moment in MOMENTS[1:]:
        done = resume(folder, fault=moment)
        assert done.returncode == -9, f"{moment}: {done.stderr}"
    ended = resume(folder)
    assert ended.returncode == 0, ended.stderr
    assert differing(outcome(folder), outcome(straight)) == []
    assert [path.name for path in folder.rglob(".tmp*")] == []


def test_a_run_that_was_killed_keeps_two_whole_checkpoints(killed: Path) -> None:
    found = list_checkpoints(RunPaths(killed).checkpoints())
    assert [read_checkpoint(path).step for path in found] == [28, 21]


def test_a_finished_run_is_not_gone_on_with_unless_its_recipe_is_changed(straight: Path) -> None:
    again = resume(straight)
    assert again.returncode == 2
    assert "is finished" in again.stderr
    assert "--policy continue" in again.stderr


SCHEDULE = "schedule: {kind: 1cycle, max_lr: 0.01}\n"
TRAINING = "training: {epochs: 5, checkpoint: 7 steps}\n"
WHOLE = "    - {kind: batch_normalization}\n"
PLATEAU = "schedule: {kind: plateau, learning_rate: 0.05, patience: 1, min_delta: 0.05}\n"
STOPPING = "training: {epochs: 5, checkpoint: 7 steps, early_stopping: {patience: 3, min_delta: 0.05}}\n"
CASES = {
    "sgd, in parts side by side": (("optimizer: {kind: adam}", "optimizer: {kind: sgd, nesterov: true}"), (WHOLE, "")),
    "adam": (),
    "plateau and early stopping": ((SCHEDULE, PLATEAU), (TRAINING, STOPPING)),
    "averaged weights": ((TRAINING, TRAINING.replace("}", ", ema: {decay: 0.9}}")),),
    "accumulation": ((WHOLE, ""), (TRAINING, TRAINING.replace("}", ", accumulate: 3, clip: {global_norm: 1.0}}"))),
    "float16": ((TRAINING, f"{TRAINING}hardware: {{precision: mixed_float16}}\n"),),
}
"""What is replaced in the recipe."""


@pytest.mark.skipif("RECIPE_SWEEP" not in os.environ, reason="takes half an hour: RECIPE_SWEEP=1 asks for it")
@pytest.mark.parametrize("case", CASES)
def test_killed_at_every_step_a_run_goes_on_to_the_same_bits(tmp_path: Path, case: str) -> None:
    """One run, killed at step 0, gone on with and killed at step 1, and so on to the last; some while they save."""
    text = RECIPE
    for old, new in CASES[case]:
        assert old in text
        text = text.replace(old, new)
    straight, folder = tmp_path / "straight", tmp_path / "run"
    assert run(straight, text=text).returncode == 0
    for step in range(STEPS):
        moment = random.Random(step).choice(("torn-event", "torn-event", "torn-checkpoint"))
        done = (
            run(folder, text=text, fault=f"{moment}:{step}") if step == 0 else resume(folder, fault=f"{moment}:{step}")
        )
        assert done.returncode == -9, f"step {step}: {done.stderr}"
    assert resume(folder).returncode == 0
    assert differing(outcome(folder), outcome(straight)) == []
