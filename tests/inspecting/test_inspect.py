"""``recipe inspect``: a step of a run, made again exactly."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from runner.record.checkpoint import list_checkpoints
from runner.record.history import history_rows
from tests.inspecting.conftest import WRONG, Folder, call, write_clouds


@pytest.fixture
def copied(trained: Folder, tmp_path: Path) -> Folder:
    """The run in a folder that a test may change; its data lies where the lock says."""
    shutil.copytree(trained.run, tmp_path / "run")
    return Folder(tmp_path)


def inspected(run: Path, step: int, *arguments: str) -> dict[str, Any]:
    done = call("inspect", run, "--step", str(step), "--json", *arguments)
    assert done.exit_code == 0, done.output
    values = json.loads(done.stdout)
    assert isinstance(values, dict)
    return values


def refused(run: Path, step: int, *arguments: str) -> str:
    done = call("inspect", run, "--step", str(step), *arguments)
    assert done.exit_code == 2, done.output
    return " ".join(done.stderr.split())


def rewrite(path: Path, change: Any) -> None:
    values = json.loads(path.read_text())
    change(values)
    path.write_text(json.dumps(values))


def test_a_wrong_label_is_the_worst_example_of_the_spike(trained: Folder) -> None:
    """The acceptance of the whole verb: of the loss's spike in the last epoch the cause is named by file and row."""
    rows = list(history_rows(trained.run / "events.jsonl"))
    spike = max(rows[-8:], key=lambda row: row.loss)
    found = inspected(trained.run, spike.step)
    worst, second = found["examples"][:2]
    assert worst["name"] == f"clouds.csv: row {WRONG}"
    assert worst["loss"] > 4 * second["loss"]
    row = (trained.path / "clouds.csv").read_text().splitlines()[WRONG].split(",")
    assert worst["target"] == row[2]
    assert worst["values"] == {"height": f"{float(row[0]):.6g}", "width": f"{float(row[1]):.6g}"}
    assert not worst["model"].startswith(row[2])
    assert found["loss"] == spike.loss
    assert found["replay"]["equal"]


def test_the_replay_begins_at_the_nearest_checkpoint_and_ends_at_the_next_with_its_weights(trained: Folder) -> None:
    steps = sorted(int(path.stem[-12:]) for path in list_checkpoints(trained.run / "checkpoints"))
    assert steps == [35, 40]
    found = inspected(trained.run, 39)
    assert found["replayed_from"] == 35
    assert found["replay"]["steps_compared"] == 5
    assert found["replay"]["weights_sha256"] == found["replay"]["checkpoint_sha256"]
    early = inspected(trained.run, 34)  # made from the beginning, and yet the state of the checkpoint
    assert early["replayed_from"] == 0
    assert early["replay"]["steps_compared"] == 35
    assert early["replay"]["weights_sha256"] == early["replay"]["checkpoint_sha256"]
    assert inspected(trained.run, 35)["replayed_from"] == 35


def test_the_run_is_only_read(trained: Folder) -> None:
    before = {path: path.stat().st_mtime_ns for path in trained.run.rglob("*")}
    inspected(trained.run, 38)
    assert {path: path.stat().st_mtime_ns for path in trained.run.rglob("*")} == before


def test_the_terminal_shows_examples_layers_and_what_was_compared(trained: Folder) -> None:
    done = call("inspect", trained.run, "--step", "39", "--top", "2")
    assert done.exit_code == 0, done.output
    text = " ".join(done.stdout.split())
    for part in ("epoch 5, batch 8 of 8, replayed from step 35", "learning rate 0.02, momentum 0.9",
                 "example loss target model height width", "and 4 more examples", "update/weights",
                 "5 recorded steps compared: equal to the bit", "as in the run's checkpoint of step 40"):  # fmt: skip
        assert part in text


def test_a_record_that_was_changed_is_found_out(copied: Folder) -> None:
    events = copied.run / "events.jsonl"
    lines = events.read_text().splitlines()
    place = max(k for k, line in enumerate(lines) if json.loads(line)["event"] == "steps")
    changed = json.loads(lines[place])
    changed["loss"][-1] += 1e-6
    lines[place] = json.dumps(changed, separators=(",", ":"))
    events.write_text("\n".join(lines) + "\n")
    done = call("inspect", copied.run, "--step", "39")
    assert done.exit_code == 1
    assert "they differ: step 39: recorded" in " ".join(done.stdout.split())


def test_weights_that_are_not_the_runs_are_found_out(copied: Folder) -> None:
    from runner.record.checkpoint import Checkpoint, read_checkpoint, write_checkpoint

    last = read_checkpoint(copied.run / "checkpoints" / "step-000000000040.safetensors")
    arrays = {**last.arrays, "model.0001": last.arrays["model.0001"] + 1}
    write_checkpoint(copied.run / "checkpoints", Checkpoint(40, last.state, arrays))
    done = call("inspect", copied.run, "--step", "39", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["replay"]["differing_variables"] == ["model.0001"]


def test_other_packages_are_refused_until_inexact_is_asked_for(copied: Folder) -> None:
    rewrite(copied.run / "lock.json", lambda lock: lock["packages"].update(keras="3.0.0"))
    message = refused(copied.run, 39)
    assert "packages.keras: 3.0.0" in message
    assert "install what the run had: keras==3.0.0" in message
    assert "--inexact" in message
    found = inspected(copied.run, 39, "--inexact")
    assert found["notes"][0].startswith("differs: packages.keras: 3.0.0")


def test_another_device_is_refused(copied: Folder) -> None:
    rewrite(copied.run / "lock.json", lambda lock: lock["device"].update(description="64 threads"))
    assert "device.description: 64 threads" in refused(copied.run, 39)


def test_other_examples_are_refused(copied: Folder) -> None:
    rewrite(copied.run / "lock.json", lambda lock: lock["data_sha256"].update(train="0" * 64))
    message = refused(copied.run, 39)
    assert "has changed since the run started: train differ" in message
    assert "restore the old data" in message


def test_changed_files_are_refused(copied: Folder) -> None:
    data = copied.path / "clouds.csv"
    write_clouds(data)
    data.write_text(data.read_text().replace("ash", "elm"))
    rewrite(copied.run / "lock.json", lambda lock: lock.update(data_folder=str(copied.path)))
    message = refused(copied.run, 39)
    assert "the run was trained on" in message
    assert "evaluate other files with `--data FILE`" in message


def test_another_recipe_is_refused(copied: Folder) -> None:
    resolved = copied.run / "resolved.yaml"
    resolved.write_text(resolved.read_text().replace("units: 8", "units: 9"))
    message = refused(copied.run, 39)
    assert "resolved.yaml is not the recipe that the run trained: model.layers.0.units: 8" in message


def test_other_custom_code_is_refused(copied: Folder) -> None:
    rewrite(copied.run / "lock.json", lambda lock: lock.update(code={"mine.py": "0" * 64}))
    assert "the custom code is not what the run imported: mine.py" in refused(copied.run, 39)


def test_a_step_that_was_not_made_is_refused(trained: Folder) -> None:
    assert "--step 40: the run has not made this step; its last step is 39" in refused(trained.run, 40)


def test_a_changed_recipe_has_no_steps_before_the_change(copied: Folder) -> None:
    rewrite(copied.run / "lock.json", lambda lock: lock.update(generation=1))
    assert "the recipe was changed during the run" in refused(copied.run, 3)


def test_pictures_are_of_images(trained: Folder, tmp_path: Path) -> None:
    message = refused(trained.run, 39, "--pictures", str(tmp_path / "a.png"))
    assert "holds no images to draw" in message
    assert "--pictures takes a .svg or .png file" in refused(trained.run, 39, "--pictures", "a.bmp")


def test_images_are_drawn_as_they_trained(tmp_path: Path) -> None:
    short = ("--set", "training.epochs=1", "--set", "expect={}", "--progress", "none", "-q")
    done = call("run", "digits_augmented", *short, "--run-dir", tmp_path / "run")
    assert done.exit_code == 0, done.output
    done = call("inspect", tmp_path / "run", "--step", "3", "--top", "2", "--pictures", tmp_path / "batch.png")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "batch.png").read_bytes().startswith(b"\x89PNG")
    assert "4 recorded steps compared: equal to the bit" in " ".join(done.stdout.split())


def test_windows_are_named_and_not_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "up.csv").write_text(
        "\n".join(["day,load", *(f"2026-{day // 28 + 1:02}-{day % 28 + 1:02},{day}.5" for day in range(90))]) + "\n"
    )
    (tmp_path / "up.yaml").write_text(
        "recipe: 1\nname: up\ntask: regression\n"
        "data: {source: windows, files: up.csv, time: day, target: load, length: 4, gaps: allow, batch_size: 4}\n"
        "model: {kind: sequential, layers: [{kind: flatten}]}\n"
        "optimizer: {kind: sgd}\nschedule: {kind: constant, learning_rate: 0.01}\ntraining: {epochs: 1}\n"
    )
    done = call("run", tmp_path / "up.yaml", "--run-dir", tmp_path / "run", "-q")
    assert done.exit_code == 0, done.output
    found = inspected(tmp_path / "run", 2)
    assert found["replay"]["equal"]
    assert found["examples"][0]["name"].startswith("the window from up.csv: row ")
    assert call("evaluate", tmp_path / "run", "--split", "train").exit_code == 0
    assert (tmp_path / "run" / "evaluation-train.safetensors").exists()
