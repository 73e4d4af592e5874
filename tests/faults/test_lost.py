"""The run's folder is deleted, moved or replaced while the run goes on."""

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from runner.disk.lost import lost_file
from tests.cli.program import LIMIT, halted, recipe, started
from tests.faults.program import RECIPE


def moved(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def replaced(folder: Path) -> None:
    moved(folder)
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")


def deleted(folder: Path) -> None:
    shutil.rmtree(folder)


def emptied(folder: Path) -> None:
    shutil.rmtree(folder / "checkpoints", ignore_errors=True)
    (folder / "events.jsonl").unlink()


ENDLESS = RECIPE.replace("epochs: 5, checkpoint: 7 steps", "epochs: 100000, checkpoint: 1000000 steps")
"""It writes nothing but events while the test looks on."""
DELETED = r"run was deleted during the run: its record, its checkpoints and its models are lost"
CASES: dict[Callable[[Path], None], tuple[str, set[str]]] = {
    replaced: (r"run was moved to \S+/elsewhere during the run: .* saved before, .* was not touched", {"thesis.txt"}),
    deleted: (DELETED, set()),
    emptied: (r"run/events\.jsonl was deleted or replaced", {".lock", "lock.json", "recipe.yaml", "resolved.yaml"}),
}


@pytest.mark.parametrize("happens", CASES)
def test_a_run_whose_folder_is_gone_ends_with_1_and_makes_nothing_anew(
    tmp_path: Path, happens: Callable[[Path], None]
) -> None:
    (tmp_path / "small.yaml").write_text(ENDLESS)
    folder = tmp_path / "run"
    process = started("run", "small.yaml", "--run-dir", "run", "--progress", "plain", cwd=tmp_path)
    try:
        assert process.stderr is not None
        assert any("2/100,000" in line or "2/100000" in line for line in process.stderr)
        with halted(process):
            happens(folder)
        _, said = process.communicate(timeout=LIMIT)
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


def test_a_folder_whose_files_go_one_after_the_other_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `rm -r` does on a busy machine: the run may look when its record is gone and its folder is not."""
    folder = tmp_path / "run"
    folder.mkdir()
    clock = SimpleNamespace(monotonic=time.monotonic, sleep=lambda _: folder.rmdir())
    monkeypatch.setattr("runner.disk.lost.time", clock)
    assert re.search(DELETED, str(lost_file(folder / "events.jsonl")))
