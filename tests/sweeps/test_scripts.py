"""Scripts that start the workers of a sweep, and the verb's refusals: nothing is trained."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from runner.cli import app
from tests.sweeps.made import written


def asked(*arguments: str | Path) -> Any:
    """What ``recipe sweep`` answers."""
    return CliRunner().invoke(app, ["sweep", *map(str, arguments)])


def test_the_slurm_script_is_an_array_of_workers(tmp_path: Path) -> None:
    done = asked(written(tmp_path), "--render", "slurm", "--workers", "3")
    assert done.exit_code == 0
    assert "#SBATCH --array=1-3\n" in done.stdout
    assert f'recipe sweep {tmp_path / "irises.yaml"} --worker --sweep-dir "runs/irises-sweep"' in done.stdout
    bash = shutil.which("bash")
    assert bash is not None
    subprocess.run([bash, "-n"], input=done.stdout, text=True, check=True)


def test_the_kubernetes_job_is_valid_and_has_the_workers(tmp_path: Path) -> None:
    done = asked(written(tmp_path), "--render", "kubernetes", "--workers", "3")
    job = YAML(typ="safe", pure=True).load(done.stdout)
    assert (job["spec"]["completions"], job["spec"]["parallelism"]) == (3, 3)
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert [*container["command"], *container["args"]][:4] == ["recipe", "sweep", "/recipe/recipe.yaml", "--worker"]


def test_a_recipe_without_a_sweep_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = asked("iris_cyclic")
    assert done.exit_code == 2
    assert "has no `sweep`" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_sweep_is_no_run_and_its_runs_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs/irises-sweep").mkdir(parents=True)
    (tmp_path / "runs/irises-sweep/sweep.json").write_text("{}\n")
    shown = CliRunner().invoke(app, ["show", "runs/irises-sweep"])
    assert shown.exit_code == 2
    assert "sweep.json does not say what a sweep searches" in shown.stderr


def test_a_strangers_folder_is_refused_with_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "runs/irises-sweep"
    folder.mkdir(parents=True)
    (folder / "journal.jsonl").write_text('{"op_code": 1, "study_id": 0}\n')
    refused = asked(written(tmp_path))
    assert refused.exit_code == 2
    assert "sweep.json is missing" in refused.stderr
    assert "Traceback" not in refused.stderr
