"""Checkpoints that are broken, machines that have changed, data that is not what it was."""

import json
from pathlib import Path

from runner.record.checkpoint import list_checkpoints
from runner.record.directory import RunPaths
from tests.faults.program import copied, damage, differing, files_of, outcome, resume


def checkpoints(folder: Path) -> list[Path]:
    return list_checkpoints(RunPaths(folder).checkpoints())


def test_a_torn_newest_checkpoint_and_another_machine_are_told_and_the_run_goes_on_to_the_same_bits(
    killed: Path, straight: Path, tmp_path: Path
) -> None:
    folder = copied(killed, tmp_path)
    newest = checkpoints(folder)[0]
    damage(newest, "torn")
    lock = json.loads((folder / "lock.json").read_text())
    lock["packages"]["keras"] = "3.14.0"
    lock["device"]["description"] = "64 threads"
    lock["host"]["variables"] = {"TF_CUDNN_DETERMINISTIC": "0"}
    (folder / "lock.json").write_text(json.dumps(lock))
    done = resume(folder, "--json", TF_CUDNN_DETERMINISTIC="1")  # nothing on a CPU
    assert done.returncode == 0, done.stderr
    warnings = "\n".join(json.loads(done.stdout)["warnings"])
    assert f"skipped a broken checkpoint: {newest.name}: " in warnings
    assert "this machine differs from the earlier one: packages.keras: 3.14.0 → 3." in warnings
    assert "device.description: 64 threads → " in warnings
    assert "host.variables.TF_CUDNN_DETERMINISTIC: 0 → 1" in warnings
    assert newest.name in done.stderr
    assert differing(outcome(folder), outcome(straight)) == []


def test_without_a_whole_checkpoint_the_run_begins_anew_and_says_so(
    killed: Path, straight: Path, tmp_path: Path
) -> None:
    folder = copied(killed, tmp_path)
    newest, before = checkpoints(folder)
    damage(newest, "flipped")
    damage(before, "empty")
    done = resume(folder)
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stderr.split())
    assert f"skipped a broken checkpoint: {newest.name}: the checksum does not match" in said
    assert f"skipped a broken checkpoint: {before.name}" in said
    assert "there is no intact checkpoint: training from the beginning" in said
    assert differing(outcome(folder), outcome(straight)) == []


def test_a_changed_recipe_without_a_policy_is_refused_with_every_difference(killed: Path, tmp_path: Path) -> None:
    folder = copied(killed, tmp_path)
    before = files_of(folder)
    done = resume(folder, "--set", "schedule.max_lr=0.02", "--set", "training.epochs=6")
    assert done.returncode == 2
    assert "  schedule.max_lr: 0.01 → 0.02" in done.stderr
    assert "  training.epochs: 5 → 6" in done.stderr
    assert "--policy continue, rescale or restart" in done.stderr
    assert files_of(folder) == before


def test_data_that_has_changed_since_is_refused_and_the_run_left_as_it_was(killed: Path, tmp_path: Path) -> None:
    folder = copied(killed, tmp_path)
    lock = json.loads((folder / "lock.json").read_text())
    lock["data_sha256"]["validation"] = "0" * 64
    (folder / "lock.json").write_text(json.dumps(lock))
    before = files_of(folder)
    done = resume(folder)
    assert done.returncode == 2
    assert "has changed since the run started: validation" in done.stderr
    assert "Traceback" not in done.stderr
    assert files_of(folder) == before


def test_a_lock_that_cannot_be_read_is_named(killed: Path, tmp_path: Path) -> None:
    folder = copied(killed, tmp_path)
    damage(folder / "lock.json", "torn")
    done = resume(folder)
    assert done.returncode == 2
    assert f"{folder.name}/lock.json cannot be read" in done.stderr
    (folder / "lock.json").unlink()
    done = resume(folder)
    assert done.returncode == 2
    assert "lock.json is missing" in done.stderr
