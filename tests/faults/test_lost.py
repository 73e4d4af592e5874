"""The run's folder is deleted, moved or replaced while the run goes on."""

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.program import recipe, started
from tests.faults.program import RECIPE


def moved(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def replaced(folder: Path) -> None:
    moved(folder)
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")


def deleted(folder: Path) -> None:
    shutil.rmtree(folder)


def deleted_file_by_file(folder: Path) -> None:
    """As `rm -r` does on a busy machine: the run may look when its record is gone and its folder is not."""
    (folder / "events.jsonl").unlink()
    time.sleep(0.5)
    shutil.rmtree(folder)


def emptied(folder: Path) -> None:
    shutil.rmtree(folder / "checkpoints", ignore_errors=True)
    (folder / "events.jsonl").unlink()


DELETED = r"run was deleted during the run: its record, its checkpoints and its models are lost"
CASES: dict[Callable[[Path], None], tuple[str, set[str]]] = {
    replaced: (r"run was moved to \S+/elsewhere during the run: .* saved before, .* was not touched", {"thesis.txt"}),
    deleted: (DELETED, set()),
    deleted_file_by_file: (DELETED, set()),
    emptied: (r"run/events\.jsonl was deleted or replaced", {".lock", "lock.json", "recipe.yaml", "resolved.yaml"}),
}


@pytest.mark.parametrize("happens", CASES)
def test_a_run_whose_folder_is_gone_ends_with_1_and_makes_nothing_anew(
    tmp_path: Path, happens: Callable[[Path], None]
) -> None:
    (tmp_path / "small.yaml").write_text(RECIPE.replace("epochs: 5, checkpoint: 7 steps", "epochs: 100000"))
    folder = tmp_path / "run"
    process = started("run", "small.yaml", "--run-dir", "run", "--progress", "plain", cwd=tmp_path)
    try:
        assert process.stderr is not None
        assert any("2/100,000" in line or "2/100000" in line for line in process.stderr)
        happens(folder)
        _, said = process.communicate(timeout=240)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 1, said
    wanted, left = CASES[happens]
    assert re.search(wanted, " ".join(said.split())), said
    assert "Traceback" not in said
    assert ({path.name for path in folder.iterdir()} if folder.exists() else set()) == left
    if happens is replaced:
        assert f"`recipe resume {tmp_path}/elsewhere` continues" in said
        rows = recipe("history", "elsewhere", "--format", "csv", cwd=tmp_path).stdout.splitlines()
        assert len(rows) > 24
