"""Two workers train one run: they meet, agree, and end together. Real processes on the loopback device."""

import json
import os
import re
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.record.checkpoint import list_checkpoints, read_checkpoint
from runner.record.directory import RunPaths
from tests.cli.crew import Crew, configs, start
from tests.cli.program import LIMIT, recipe, result_of

pytestmark = pytest.mark.slow

RECIPE = """\
recipe: 1
name: small
task: classification
data: {source: builtin, name: digits, scale: 1/16, batch_size: 64}
model:
  kind: sequential
  layers:
    - {kind: flatten}
    - {kind: dense, units: 16, activation: relu}
    - {kind: batch_normalization}
optimizer: {kind: adam}
schedule: {kind: cosine, initial_lr: 0.01}
training: {epochs: 5, checkpoint: 10 steps, best: val_loss}
"""
MULTI = ("--set", "hardware.strategy=multi_worker")


def written(folder: Path) -> Path:
    path = folder / "small.yaml"
    path.write_text(RECIPE)
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return written(tmp_path)


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[int, str, str]]]:
    """A folder in which two workers have trained `two`, with `scratch` for temporary files, and what they said."""
    folder = tmp_path_factory.mktemp("straight")
    (folder / "scratch").mkdir()
    small = written(folder)
    with two(small, "--run-dir", "two", "--json", cwd=folder, TMPDIR=str(folder / "scratch")) as crew:
        ended = crew.wait()
    assert [code for code, _, _ in ended] == [0, 0], ended
    return folder, ended


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The run of one device, and its result."""
    folder = tmp_path_factory.mktemp("alone")
    done = recipe("run", written(folder), "--run-dir", "one", "--json", "-q", cwd=folder)
    return folder / "one", result_of(done)


def losses(run: Path) -> dict[int, float]:
    """Loss by step; what a later session did again wins."""
    found: dict[int, float] = {}
    for line in (run / "events.jsonl").read_text().splitlines():
        event = json.loads(line)
        if event["event"] == "steps":
            found.update(enumerate(event["loss"], start=event["first_step"]))
    return found


def final_state(run: Path) -> tuple[Any, dict[str, bytes]]:
    checkpoint = read_checkpoint(list_checkpoints(RunPaths(run).checkpoints(0))[0])
    return checkpoint.state["position"], {name: array.tobytes() for name, array in checkpoint.arrays.items()}


def two(small: Path, *arguments: str, cwd: Path, only: Sequence[Sequence[str]] = ((), ()), **variables: str) -> Crew:
    """Two workers; ``only`` has arguments of each one alone."""
    return Crew(
        *(
            start(config, small, *MULTI, *arguments, *own, cwd=cwd, **variables)
            for config, own in zip(configs(), only, strict=True)
        )
    )


def test_two_workers_have_the_curve_of_one_device_and_only_the_chief_writes(
    straight: tuple[Path, list[tuple[int, str, str]]], alone: tuple[Path, dict[str, Any]]
) -> None:
    folder, ((_, out, err), (_, out_1, err_1)) = straight
    assert json.loads(out)["status"] == "finished"
    assert "2 replicas on 2 workers (TF_CONFIG)" in " ".join(err.split())
    assert (out_1, err_1) == ("", "")
    assert list((folder / "scratch").iterdir()) == []
    assert sorted(path.name for path in folder.iterdir()) == ["scratch", "small.yaml", "two"]
    one, both = losses(alone[0]), losses(folder / "two")
    assert one.keys() == both.keys()
    assert max(abs(one[step] - both[step]) for step in one) < 1e-4
    for name, value in alone[1]["metrics"].items():
        assert json.loads(out)["metrics"][name] == pytest.approx(value, abs=1e-4)


def test_the_model_of_two_workers_is_plain_keras(straight: tuple[Path, list[tuple[int, str, str]]]) -> None:
    script = (
        "import keras\n"
        "model = keras.models.load_model('two/model.keras')\n"
        "assert [layer.synchronized for layer in model.layers if hasattr(layer, 'synchronized')] == [False]\n"
        "print(type(model.optimizer).__name__, int(model.optimizer.iterations), type(model.weights[0].value))\n"
    )
    with Crew(start("", "-c", script, cwd=straight[0], program=())) as reader:
        ((code, out, err),) = reader.wait()
    assert code == 0, err
    assert out.startswith("Adam 115 <class")
    assert "ResourceVariable" in out


@pytest.mark.parametrize("victim", [0, 1], ids=["the chief", "the other"])
def test_when_a_worker_is_killed_the_others_end_and_a_resumed_run_comes_to_the_same_bits(
    small: Path, tmp_path: Path, straight: tuple[Path, list[tuple[int, str, str]]], victim: int
) -> None:
    killed = ("--kill-at", "44")
    only = (killed, ()) if victim == 0 else ((), killed)
    with two(small, "--run-dir", "broken", "-q", cwd=tmp_path, only=only) as crew:
        crew.processes[victim].wait(timeout=LIMIT)
        code, _, err = crew.wait()[1 - victim]
    assert code == 1, err
    said = " ".join(err.split())
    assert re.search(rf"(worker {victim} \(127.0.0.1:\d+\)|another worker) is gone, and a step needs all 2", said), err
    assert "recipe run --resume" in said
    assert "Traceback" not in err
    with two(small, "--run-dir", "broken", "--resume", "--json", cwd=tmp_path) as crew:
        (code, _, err), (code_1, _, err_1) = crew.wait()
    assert (code, code_1) == (0, 0), err + err_1
    resumed = [json.loads(line) for line in (tmp_path / "broken" / "events.jsonl").read_text().splitlines()]
    assert [e["resumed_at"] for e in resumed if e["event"] == "run_started"][-1] in (30, 40)
    assert final_state(tmp_path / "broken") == final_state(straight[0] / "two")
    assert losses(tmp_path / "broken") == losses(straight[0] / "two")


def test_a_frozen_worker_ends_the_other(small: Path, tmp_path: Path) -> None:
    with two(small, "--run-dir", "out", "--set", "training.epochs=100000", "--progress", "plain", cwd=tmp_path) as crew:
        chief, other = crew.processes
        assert chief.stderr is not None
        for line in chief.stderr:
            if "2/100,000" in line or "2/100000" in line:
                break
        os.kill(other.pid, signal.SIGSTOP)
        _, err = chief.communicate(timeout=LIMIT)
    assert chief.returncode == 1
    assert "is gone, and a step needs all 2" in " ".join(err.split())
    assert list_checkpoints(RunPaths(tmp_path / "out").checkpoints(0))


@pytest.mark.parametrize("hearer", [0, 1], ids=["the chief", "the other"])
def test_a_sigterm_to_one_worker_stops_all_after_the_same_step(small: Path, tmp_path: Path, hearer: int) -> None:
    with two(small, "--run-dir", "out", "--set", "training.epochs=100000", "--progress", "plain", cwd=tmp_path) as crew:
        assert crew.processes[0].stderr is not None
        for line in crew.processes[0].stderr:
            if "2/100,000" in line or "2/100000" in line:
                break
        os.kill(crew.processes[hearer].pid, signal.SIGTERM)
        (code, _, err), (code_1, _, err_1) = crew.wait()
    assert (code, code_1) == (143, 143), err + err_1
    stopped = [re.search(r"SIGTERM after step ([\d,]+) of", " ".join(text.split())) for text in (err, err_1)]
    assert stopped[0] is not None
    assert stopped[1] is not None
    assert stopped[0][1] == stopped[1][1]
    position, _ = final_state(tmp_path / "out")
    assert position["step"] == int(stopped[0][1].replace(",", ""))
    assert (tmp_path / "out" / "model.keras").is_file()


def test_a_worker_that_does_not_come_is_named_within_the_time_given(small: Path, tmp_path: Path) -> None:
    first, second = configs()
    for config, said in ((first, r"missing: 1 \(127.0.0.1:\d+\)"), (second, r"the chief at \S+ gave no start signal")):
        with Crew(start(config, small, *MULTI, cwd=tmp_path, RECIPE_JOIN_SECONDS="1")) as crew:
            ((code, _, err),) = crew.wait()
        assert code == 2, err
        assert re.search(said, " ".join(err.split())), err
        assert "Traceback" not in err
    assert not (tmp_path / "runs").exists()


def test_workers_with_different_recipes_are_told_so(small: Path, tmp_path: Path) -> None:
    with two(small, cwd=tmp_path, only=((), ("--set", "seed=5"))) as crew:
        ended = crew.wait()
    assert [code for code, _, _ in ended] == [1, 1]
    for _, _, err in ended:
        assert "the recipe of worker 1 is not that of worker 0" in " ".join(err.split())
    assert not (tmp_path / "runs").exists()


def test_without_a_cluster_the_ways_out_are_named(small: Path, tmp_path: Path) -> None:
    done = recipe("run", small, *MULTI, cwd=tmp_path)
    assert done.returncode == 2
    assert "no cluster was found" in done.stderr
    assert "recipe launch FILE --workers 2" in done.stderr
    assert not (tmp_path / "runs").exists()


def test_mirrored_on_two_logical_devices_saves_a_model_with_the_results_of_one(
    small: Path, tmp_path: Path, alone: tuple[Path, dict[str, Any]]
) -> None:
    mirrored = ("--set", "hardware.strategy=mirrored")
    both = result_of(recipe("run", small, *mirrored, "--json", "-q", cwd=tmp_path, RECIPE_LOGICAL_CPUS="2"))
    assert both["status"] == "finished"
    one, two = losses(alone[0]), losses(tmp_path / both["run_dir"])
    assert max(abs(one[step] - two[step]) for step in one) < 1e-4
    np.testing.assert_allclose(list(both["metrics"].values()), list(alone[1]["metrics"].values()), atol=1e-4)
    assert (tmp_path / both["run_dir"] / "best.keras").is_file()
