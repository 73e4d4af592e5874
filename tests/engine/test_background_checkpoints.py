"""A large state is copied between two steps and written while the next ones are made."""

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from runner.engine.loop import background_writer, checkpoint_saver
from runner.engine.loop.checkpoint_saver import PeriodicSaver
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.engine.loop.variables import state_dict
from runner.errors import CheckpointBroken, Diverged
from runner.events import Event, Steps
from runner.record import checkpoint as checkpoint_files
from runner.record.checkpoint import Checkpoint, list_checkpoints, read_checkpoint, write_checkpoint
from tests.cli.program import LIMIT
from tests.engine.problem import Problem
from tests.faults.test_disk import mounted

Make = Callable[..., Problem]
EVERY = {"epochs": 3, "checkpoint": "4 steps"}


def trainer(problem: Problem, folder: Path, large: int = 0, hear: Callable[[Event], None] = lambda _: None) -> Trainer:
    """Any state counts as large."""
    saver = PeriodicSaver(folder, problem.plan, large=large)
    return Trainer(problem.plan, problem.learner, problem.dataset, hear, StopRequest(), saver)


def test_steps_are_made_while_a_state_is_written(
    problem: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    further, seen = threading.Event(), []

    def write(folder: Path, checkpoint: Checkpoint) -> None:
        seen.append(further.wait(LIMIT) or checkpoint.step > 4)
        write_checkpoint(folder, checkpoint)

    def hear(event: Event) -> None:
        if isinstance(event, Steps) and event.last_step >= 4:
            further.set()

    monkeypatch.setattr(checkpoint_saver, "write_checkpoint", write)
    trainer(problem(training=EVERY), tmp_path, hear=hear).run()
    assert len(seen) > 2
    assert all(seen)


def test_what_is_written_beside_the_training_is_what_is_written_in_between(problem: Make, tmp_path: Path) -> None:
    for name, large in (("beside", 0), ("between", 1 << 40)):
        np.random.default_rng(0)
        trainer(problem(training=EVERY), tmp_path / name, large).run()
    beside, between = (list_checkpoints(tmp_path / name) for name in ("beside", "between"))
    assert [path.name for path in beside] == [path.name for path in between]
    for one, other in zip(map(read_checkpoint, beside), map(read_checkpoint, between), strict=True):
        assert {name: array.tobytes() for name, array in one.arrays.items()} == {
            name: array.tobytes() for name, array in other.arrays.items()
        }
        assert {**one.state, "seconds": 0} == {**other.state, "seconds": 0}


def test_a_write_waits_for_the_one_before_it_and_the_last_one_is_waited_for(
    problem: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, most, written = threading.Semaphore(1), [], []

    def write(folder: Path, checkpoint: Checkpoint) -> None:
        most.append(at_once.acquire(blocking=False))
        write_checkpoint(folder, checkpoint)
        written.append(checkpoint.step)
        at_once.release()

    monkeypatch.setattr(checkpoint_saver, "write_checkpoint", write)
    case = problem(training=EVERY)
    trainer(case, tmp_path).run()
    assert all(most)
    assert written == [*range(4, case.plan.steps, 4), case.plan.steps]


@pytest.mark.parametrize("fails_at", [4, 30])
def test_a_write_that_fails_ends_the_run_with_its_own_error(
    problem: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    """At the next call for one in the middle; for the last one, at the end."""
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "somewhere")

    def write(folder: Path, checkpoint: Checkpoint) -> None:
        if checkpoint.step >= fails_at:
            raise full
        write_checkpoint(folder, checkpoint)

    monkeypatch.setattr(checkpoint_saver, "write_checkpoint", write)
    case = problem(training=EVERY)
    trained = trainer(case, tmp_path)
    with pytest.raises(OSError, match="No space left on device") as caught:
        trained.run()
    assert caught.value is full
    assert trained.state.position.step <= max(fails_at + 4, 0)


def test_a_run_that_ends_otherwise_sees_its_write_to_the_end(
    problem: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = threading.Event(), []

    def write(folder: Path, checkpoint: Checkpoint) -> None:
        begun.set()
        write_checkpoint(folder, checkpoint)
        ended.append(checkpoint.step)

    def hear(event: Event) -> None:
        if isinstance(event, Steps) and event.last_step >= 4:
            assert begun.wait(LIMIT)
            raise Diverged("as if")

    monkeypatch.setattr(checkpoint_saver, "write_checkpoint", write)
    with pytest.raises(Diverged, match="as if"):
        trainer(problem(training=EVERY), tmp_path, hear=hear).run()
    assert ended[0] == 4
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".tmp")]


def test_a_truly_full_disk_is_reported_by_its_name_and_the_earlier_states_stay(problem: Make, tmp_path: Path) -> None:
    """A state of 30 kB, on a disk of 128 kB that a person fills in the course of the run."""
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=128k", "tmpfs") as disk:
        layers = [{"kind": "dense", "units": 700, "activation": "tanh"}]
        case = problem(training=EVERY, model={"kind": "sequential", "layers": layers})

        def hear(event: Event) -> None:
            if isinstance(event, Steps) and event.last_step >= 6 and not (disk / "filler").exists():
                trained.saver.close()
                free = os.statvfs(disk)
                (disk / "filler").write_bytes(b"\0" * (free.f_bavail * free.f_bsize - 8192))

        trained = trainer(case, disk / "checkpoints", hear=hear)
        with pytest.raises(OSError, match=r"No space left on device: .*step-000000000008\.safetensors"):
            trained.run()
        assert [read_checkpoint(path).step for path in list_checkpoints(disk / "checkpoints")] == [4]
        assert [path.name for path in (disk / "checkpoints").glob(".*")] == []


@pytest.mark.parametrize("beside", [True, False])
def test_by_the_clock_checkpoints_take_at_most_a_twentieth_of_the_time(
    problem: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beside: bool
) -> None:
    """One that takes 2 seconds, of a thread's work or of standing still, is followed by the next one after 40."""
    now, written = [0.0], []

    def write(folder: Path, checkpoint: Checkpoint) -> None:
        written.append(checkpoint.step)
        now[0] += 0.0 if beside else 2.0

    monkeypatch.setattr(checkpoint_saver, "write_checkpoint", write)
    monkeypatch.setattr(checkpoint_saver, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(background_writer, "time", SimpleNamespace(thread_time=lambda: 2.0))
    trained = trainer(problem(training={"epochs": 3}), tmp_path, 0 if beside else 1 << 40)
    saver = trained.saver
    assert isinstance(saver, PeriodicSaver)
    saver.folder.mkdir(exist_ok=True)
    for step, seconds in enumerate([14.9, 0.1, 39.9, 0.1, 39.9, 0.1]):
        now[0] += seconds
        trained.state.position.step = step
        saver.save_if_due(trained.state, trained.learner)
        saver._writer.wait()
    assert written == [1, 3, 5]


@pytest.mark.parametrize(("wanted", "back"), [("auto", 10), ("4 steps", 0)])
def test_what_trains_gets_the_processors_before_what_it_does_not_wait_for(
    problem: Make, tmp_path: Path, wanted: str, back: int
) -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    plan = problem(training={"epochs": 3, "checkpoint": wanted}).plan
    writer, found, before = PeriodicSaver(tmp_path, plan)._writer, list[int](), niceness()
    writer.start(lambda: found.append(niceness()))
    writer.wait()
    assert (found, niceness()) == ([min(before + back, 19)], before)


def test_the_next_copy_overwrites_the_last_one(problem: Make) -> None:
    learner, room = problem(training=EVERY).learner, dict[str, Any]()
    first = state_dict(learner, room)
    kept = {name: array.copy() for name, array in first.items()}
    learner.model.trainable_variables[0].assign_add(learner.model.trainable_variables[0] + 1.0)
    second, fresh = state_dict(learner, room), state_dict(learner)
    assert all(second[name] is first[name] for name in first)
    assert {name: array.tobytes() for name, array in second.items()} == {
        name: array.tobytes() for name, array in fresh.items()
    }
    assert any(kept[name].tobytes() != second[name].tobytes() for name in kept)


def _flip(data: bytearray) -> None:
    data[-1] ^= 1


def _other_state(data: bytearray) -> None:
    at = data.index(b'\\"seconds\\"')
    data[at + 2 : at + 9] = b"minutes"


@pytest.mark.parametrize("fault", [_flip, _other_state, lambda data: data.__delitem__(slice(-8, None))])
def test_a_file_that_reads_back_otherwise_than_it_was_written_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[bytearray], None]
) -> None:
    real = checkpoint_files.write_tensors

    def write_tensors(path: Path, *taken: Any) -> dict[str, str]:
        metadata = real(path, *taken)
        data = bytearray(path.read_bytes())
        fault(data)
        path.write_bytes(data)
        return metadata

    arrays = {"model.0000": np.arange(6, dtype=np.float32).reshape(2, 3), "model.0001": np.array(7, np.int64)}
    write_checkpoint(tmp_path, Checkpoint(3, {"seconds": 1.0}, arrays))
    monkeypatch.setattr(checkpoint_files, "write_tensors", write_tensors)
    with pytest.raises(CheckpointBroken):
        write_checkpoint(tmp_path, Checkpoint(6, {"seconds": 1.0}, arrays))
    assert [read_checkpoint(path).step for path in list_checkpoints(tmp_path)] == [3]
