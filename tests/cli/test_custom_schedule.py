"""A schedule of custom code, as a person uses it."""

import csv
import io
from pathlib import Path

import pytest

from tests.cli.program import recipe

RECIPE = """\
recipe: 1
name: own_rate
task: classification
data: {source: builtin, name: iris, batch_size: 16, scale: standard}
model: {kind: sequential, layers: [{kind: dense, units: 4, activation: relu}]}
schedule: {kind: custom, target: "mine:rate", arguments: {peak: 0.1}}
training: {epochs: 2, checkpoint: 3 steps}
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    (tmp_path / "own.yaml").write_text(RECIPE)
    (tmp_path / "mine.py").write_text("def rate(step, peak):\n    return peak / (1 + step)\n")
    return tmp_path


def rates(text: str) -> list[float]:
    return [float(row["learning_rate"]) for row in csv.DictReader(io.StringIO(text))]


def test_plan_shows_it_with_permission_alone(written: Path) -> None:
    refused = recipe("plan", "own.yaml", "--no-shapes", cwd=written)
    assert refused.returncode == 2
    assert "error[R207]" in refused.stderr
    assert "--allow-code" in refused.stderr
    allowed = recipe("plan", "own.yaml", "--allow-code", "--format", "csv", cwd=written)
    assert rates(allowed.stdout) == pytest.approx([0.1 / (1 + step) for step in range(16)])
    (written / "mine.py").write_text("def rate(step, peak):\n    return peak - step\n")
    wrong = recipe("plan", "own.yaml", "--allow-code", "--no-shapes", cwd=written)
    assert wrong.returncode == 2
    assert "error[R530]" in wrong.stderr
    assert "own.yaml:6:34" in wrong.stderr


@pytest.mark.slow
def test_a_run_executes_it_and_is_resumed_with_it(written: Path) -> None:
    assert recipe("run", "own.yaml", cwd=written).returncode == 2
    stopped = recipe("run", "own.yaml", "--allow-code", "--set", "training.steps=9", cwd=written)
    assert stopped.returncode == 0, stopped.stderr
    again = recipe(
        "resume", "own_rate", "--allow-code", "--policy", "continue", "--set", "training.steps=16", cwd=written
    )
    assert again.returncode == 0, again.stderr
    executed = recipe("history", "own_rate", "--format", "csv", cwd=written)
    assert rates(executed.stdout) == pytest.approx([0.1 / (1 + step) for step in range(16)])
