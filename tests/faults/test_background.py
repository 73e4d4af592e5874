"""A run whose state is so large that it is written beside the training: killed within a write, and on a full disk."""

import subprocess
import sys
from pathlib import Path

import pytest

from runner.engine.loop.checkpoint_saver import LARGE
from runner.record.checkpoint import list_checkpoints, read_checkpoint
from runner.record.directory import RunPaths
from tests.cli.program import LIMIT
from tests.faults.program import RECIPE, differing, outcome, resume, run
from tests.faults.test_disk import LIMITED

WIDE = RECIPE.replace("units: 16", "units: 2048").replace(
    "optimizer:", "    - {kind: dense, units: 2048, activation: relu}\noptimizer:"
)
"""4.3 million weights, three times with Adam's slots."""
TEXT = WIDE.replace("epochs: 5, checkpoint: 7 steps", "epochs: 2, checkpoint: 7 steps")


@pytest.mark.slow
def test_killed_within_a_write_the_earlier_state_is_whole_and_the_run_goes_on_to_the_same_bits(tmp_path: Path) -> None:
    straight, folder = tmp_path / "straight", tmp_path / "run"
    assert run(straight, text=TEXT).returncode == 0
    assert run(folder, text=TEXT, fault="torn-checkpoint:14").returncode == -9
    left = list_checkpoints(RunPaths(folder).checkpoints())
    assert [read_checkpoint(path).step for path in left if path.stat().st_size > LARGE][-1] == 7
    assert resume(folder).returncode == 0
    assert differing(outcome(folder), outcome(straight)) == []
    assert [path.name for path in folder.rglob(".tmp*")] == []


@pytest.mark.slow
def test_a_file_that_may_not_grow_ends_the_run_as_it_does_with_a_small_state(tmp_path: Path) -> None:
    (tmp_path / "wide.yaml").write_text(TEXT)
    command = ["run", "wide.yaml", "--run-dir", "run", "--progress", "plain"]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(LARGE), *command],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=LIMIT,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "run/checkpoints/step-000000000007.safetensors: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert list_checkpoints(RunPaths(tmp_path / "run").checkpoints()) == []
