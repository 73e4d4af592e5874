"""SIGKILL at any moment: the run goes on to the same bits."""

import os
import random
from pathlib import Path

import pytest

from runner.record.checkpoint import list_checkpoints, read_checkpoint
from runner.record.directory import RunPaths
from tests.faults.program import STEPS, differing, outcome, resume, run

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


@pytest.mark.skipif("RECIPE_SWEEP" not in os.environ, reason="takes 15 minutes: RECIPE_SWEEP=1 asks for it")
@pytest.mark.parametrize("step", range(STEPS))
def test_killed_at_this_step_a_run_goes_on_to_the_same_bits(straight: Path, tmp_path: Path, step: int) -> None:
    folder = tmp_path / "run"
    moment = random.Random(step).choice(("torn-event", "torn-checkpoint"))
    assert run(folder, fault=f"{moment}:{step}").returncode == -9
    assert resume(folder).returncode == 0
    assert differing(outcome(folder), outcome(straight)) == []
