"""A run that begins with the weights of another one, from the shell: planned, killed, resumed without its base."""

import json
import shutil
from pathlib import Path

import pytest

from runner.record.directory import RunPaths
from runner.workflows.selftest import compare
from tests.cli.program import recipe, result_of

BASE = """\
recipe: 1
name: base
task: classification
data: {source: builtin, name: digits, batch_size: 64, scale: 1/16}
model: {kind: sequential, layers: [{kind: flatten}, {kind: dense, units: 8, name: body}]}
training: {epochs: 1}
"""
HEAD = """\
recipe: 1
name: head
task: classification
data: {source: builtin, name: digits, batch_size: 64, scale: 1/16}
model:
  kind: sequential
  layers: [{kind: flatten}, {kind: dense, units: 8, name: body}, {kind: dense, units: 6, dropout: 0.2}]
  weights: {run: base}
training: {epochs: 2, checkpoint: 5 steps}
groups: {base: {layers: [body], factor: {phases: [{duration: 50%, factor: 0}, {duration: 50%, factor: 0.1}]}}}
"""


@pytest.mark.slow
def test_a_killed_run_goes_on_to_the_same_bits_after_its_base_was_deleted(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "head.yaml").write_text(HEAD.replace("run: base", "run: base, layers: [body]"))
    assert recipe("run", "base.yaml", cwd=tmp_path).returncode == 0
    planned = json.loads(recipe("plan", "head.yaml", "--json", cwd=tmp_path).stdout)
    assert [(row["name"], row["taken"]) for row in planned["layers"] if row["parameters"]] == [
        ("body", True), ("dense_1", False), ("output", False),
    ]  # fmt: skip
    straight = result_of(recipe("run", "head.yaml", "--json", "--run-dir", "straight", cwd=tmp_path))
    assert straight["fingerprint"] == planned["fingerprint"]
    killed = recipe("run", "head.yaml", "--kill-at", "30", "--run-dir", "killed", cwd=tmp_path)
    assert killed.returncode == -9
    shutil.rmtree(tmp_path / "runs")
    resumed = recipe("run", "head.yaml", "--resume", "--run-dir", "killed", cwd=tmp_path)
    assert resumed.returncode == 0, resumed.stderr
    found = list(compare(RunPaths(tmp_path / "straight"), RunPaths(tmp_path / "killed")))
    assert [row for row in found if row.differing] == []
    again = recipe("verify", "straight", cwd=tmp_path)
    assert again.returncode == 2
    assert "is no longer on this machine" in again.stderr
    step = recipe("inspect", "straight", "--step", "45", cwd=tmp_path)
    assert step.returncode == 0, step.stderr


@pytest.mark.slow
def test_a_recipe_takes_weights_from_the_run_of_one_before_it_in_the_same_command(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "head.yaml").write_text(HEAD.replace("run: base", "run: base, layers: [body]"))
    wrong = recipe("run", "head.yaml", "base.yaml", cwd=tmp_path)
    assert (wrong.returncode, (tmp_path / "runs").exists()) == (2, False)
    (tmp_path / "other.yaml").write_text(HEAD.replace("run: base", "run: base, layers: [dense_1]"))
    early = recipe("run", "base.yaml", "other.yaml", cwd=tmp_path)
    assert (early.returncode, (tmp_path / "runs").exists()) == (2, False)
    assert "R442" in early.stderr
    first = recipe("run", "base.yaml", "--json", "-q", cwd=tmp_path)
    both = recipe("run", "base.yaml", "head.yaml", "--json", "-q", "--set", "seed=3", cwd=tmp_path)
    assert both.returncode == 0, both.stderr
    base, head = result_of(both)["runs"]
    lock = json.loads((tmp_path / head["run_dir"] / "lock.json").read_text())
    assert lock["weights"]["run"] == base["run_dir"].removeprefix("runs/")  # and not the older one
    assert base["run_dir"] != result_of(first)["run_dir"]
    diverging = recipe(
        "run", "base.yaml", "head.yaml", "--json", "-q", "--set", "optimizer={kind: sgd, learning_rate: 1e6}",
        cwd=tmp_path, RECIPE__SEED="4",
    )  # fmt: skip
    assert diverging.returncode == 2
    assert result_of(diverging)["status"] == "diverged"
