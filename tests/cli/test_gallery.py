"""Every recipe of the gallery trains on built-in data, keeps what it expects, and executes what was planned."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from runner.cli import app
from runner.source.gallery import entries
from schemas.schedule import kinds
from tests.cli.program import GALLERY, LIMIT, REPOSITORY, environment, recipe

FILES = sorted(GALLERY.glob("*.yaml"))
ON_A_BASE = [file for file in FILES if "weights: {run:" in file.read_text()]
"""They take the weights of another run of the gallery, which comes first."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """All recipes, trained in one process on the built-in samples, in full length."""
    folder = tmp_path_factory.mktemp("gallery")
    first = [file for file in FILES if file not in ON_A_BASE]
    results = []
    for files in (first, ON_A_BASE):
        done = recipe("run", *files, "--json", "--progress", "plain", cwd=folder, timeout=4 * LIMIT)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        results += found.get("runs", [found])
    return folder, {file.stem: result for file, result in zip([*first, *ON_A_BASE], results, strict=True)}


def rows(*arguments: str | Path) -> list[dict[str, str]]:
    """What a verb prints as CSV; it needs no TensorFlow, so no process of its own."""
    done = CliRunner().invoke(app, [*map(str, arguments), "--format", "csv"], env=environment())
    assert done.exit_code == 0, done.output
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_there_is_a_recipe_for_every_kind_of_schedule() -> None:
    used = set()
    for file in FILES:
        for line in file.read_text().split("schedule:")[1].splitlines():
            if line.strip().startswith("kind:"):
                used.add(line.split(":")[1].strip())
                break
    assert used == set(kinds())


@pytest.mark.parametrize("entry", entries(GALLERY), ids=lambda entry: entry.name)
def test_a_recipe_opens_with_goal_expected_result_and_command(entry: Any) -> None:
    assert entry.goal
    assert entry.expect
    assert entry.run.startswith(f"recipe run {entry.path.relative_to(REPOSITORY)}")


@pytest.mark.slow
@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_a_recipe_finishes_and_keeps_its_expectations(runs: tuple[Path, dict[str, Any]], name: str) -> None:
    assert runs[1][name]["status"] == "finished"


@pytest.mark.slow
@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_what_was_executed_is_what_was_planned(
    runs: tuple[Path, dict[str, Any]], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, results = runs
    directory = folder / results[name]["run_dir"]
    monkeypatch.chdir(folder)
    planned = rows("plan", GALLERY / f"{name}.yaml")
    executed = rows("history", directory)
    scale = dict(cuts(directory / "events.jsonl"))
    assert len(executed) == results[name]["steps"]
    now = 1.0
    for plan, done in zip(planned, executed, strict=True):
        now = scale.get(int(plan["step"]), now)
        assert (plan["step"], plan["epoch"], plan["phase"]) == (done["step"], done["epoch"], done["phase"])
        if now == 1.0:
            assert (plan["learning_rate"], plan["momentum"]) == (done["learning_rate"], done["momentum"])
        else:
            wanted = np.float32(float(plan["learning_rate"]) * now)
            assert np.float32(done["learning_rate"]) == pytest.approx(wanted, rel=1e-6)


def cuts(path: Path) -> Iterator[tuple[int, float]]:
    """Steps from which a plateau's new scale acts."""
    for line in path.read_text().splitlines():
        event = json.loads(line)
        if event["event"] == "plateau_cut":
            yield event["step"], event["scale"]
