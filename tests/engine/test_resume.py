"""Killed anywhere, a run goes on to the same bits; broken checkpoints are passed over."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from runner.data.placement import Placement, Window
from runner.data.sources.builtin import streamed
from runner.engine.distributed.replicas import Replicas
from runner.engine.loop.checkpoint_saver import PeriodicSaver
from runner.engine.loop.resume_policy import Policy, adapt
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.engine.loop.variables import state_dict
from runner.engine.step.learner import make_learner
from runner.errors import StateMismatch
from runner.events import EpochEnded, Event, Steps
from runner.record.checkpoint import Checkpoint, list_checkpoints, newest_checkpoint, read_checkpoint
from tests.engine.problem import Problem
from tests.engine.problem import go_on as restored

Make = Callable[..., Problem]
NOISY = {
    "kind": "sequential",
    "input_dropout": 0.1,
    "layers": [{"kind": "dense", "units": 6, "activation": "relu", "dropout": 0.3}, {"kind": "batch_normalization"}],
}
DROPPING = {"kind": "sequential", "layers": [{"kind": "dense", "units": 6, "activation": "relu", "dropout": 0.3}]}
GROUPED = {
    "kind": "sequential",
    "layers": [
        {"kind": "dense", "units": 6, "activation": "relu", "dropout": 0.3, "name": "base"},
        {"kind": "batch_normalization", "name": "normalised"},
    ],
}
WITHIN = {
    "kind": "functional",
    "layers": [
        {"kind": "reshape", "target_shape": [2, 2]},
        {"kind": "position_embedding"},
        {"kind": "lstm", "units": 3, "dropout": 0.3, "recurrent_dropout": 0.2, "return_sequences": True},
        {"kind": "bidirectional", "layer": {"kind": "gru", "units": 2, "dropout": 0.3, "return_sequences": True}},
        {"kind": "spatial_dropout1d", "rate": 0.2, "name": "steps"},
        {"kind": "multi_head_attention", "num_heads": 2, "key_dim": 2, "dropout": 0.3},
        {"kind": "drop_path", "rate": 0.3, "name": "branch"},
        {"kind": "add", "inputs": ["steps", "branch"]},
        {"kind": "attention", "dropout": 0.3},
        {"kind": "simple_rnn", "units": 4, "recurrent_dropout": 0.3},
        {"kind": "alpha_dropout", "rate": 0.1},
        {"kind": "gaussian_dropout", "rate": 0.1},
        {"kind": "gaussian_noise", "stddev": 0.1},
    ],
}
PLATEAU = {"kind": "plateau", "learning_rate": 0.05, "patience": 1, "min_delta": 0.02}
CASES: dict[str, dict[str, Any]] = {
    "sgd": {"optimizer": {"kind": "sgd", "nesterov": True}, "schedule": {"kind": "1cycle", "max_lr": 0.1}},
    "adam": {"optimizer": {"kind": "adam", "amsgrad": True}, "schedule": {"kind": "1cycle", "max_lr": 0.01}},
    "weight decay": {"optimizer": {"kind": "adamw"}, "schedule": {
        "kind": "cosine", "initial_lr": 0.01,
        "weight_decay": {"phases": [{"duration": "100%", "weight_decay": {"from": 0, "to": 2}}]}}},
    "nadam": {"optimizer": {"kind": "nadam"}, "schedule": {"kind": "1cycle", "max_lr": 0.01}},
    "rmsprop": {"optimizer": {"kind": "rmsprop", "centered": True, "momentum": 0.5}},
    "plateau": {"schedule": PLATEAU},
    "stopping": {"schedule": PLATEAU,
                 "training": {"epochs": 6, "early_stopping": {"patience": 3, "min_delta": 0.01}}},
    "validation": {"schedule": PLATEAU,
                   "training": {"epochs": 6, "early_stopping": {"patience": 9, "baseline": 0.01, "start_from_epoch": 1},
                                "validation": {"every": "4 steps", "between": "50%"}}},
    "steps": {"schedule": {"kind": "1cycle", "max_lr": 0.1}, "training": {"epochs": None, "steps": 57}},
    "accumulate": {"optimizer": {"kind": "sgd", "momentum": 0.9}, "training": {"accumulate": 3, "clip": {"norm": 0.1}}},
    "ema": {"optimizer": {"kind": "adam"}, "training": {"ema": {"decay": 0.9}, "label_smoothing": 0.1,
                                                        "class_weight": "balanced"}},
    "float16": {"optimizer": {"kind": "adam"}, "hardware": {"precision": "mixed_float16"},
                "training": {"ema": {"decay": 0.9}}},
    "groups": {"optimizer": {"kind": "adamw"}, "model": GROUPED, "groups": {
        "base": {"layers": ["base", "normalised"], "factor": {"phases": [
            {"duration": "2 epochs", "factor": 0}, {"duration": "4 epochs", "factor": {"from": 0.1, "to": 1}}]}}}},
    "dropout factor": {"optimizer": {"kind": "adam"}, "model": {**NOISY, "dropout_factor": {"phases": [
        {"duration": "50%", "factor": 1.5}, {"duration": "50%", "factor": {"from": 1, "to": 0}}]}}},
    "streamed": {"optimizer": {"kind": "sgd", "momentum": 0.9}, "window": Window(4, 3)},
    "dropout within layers": {"optimizer": {"kind": "adam"}, "model": WITHIN},
    "dropout within layers, towers": {"optimizer": {"kind": "sgd"}, "towers": 2, "model": WITHIN},
    "towers": {"optimizer": {"kind": "adam"}, "towers": 2, "model": DROPPING},
}  # fmt: skip
STEPS = 60
SWEEP = "RECIPE_SWEEP" in os.environ
"""Whether to kill at every step, as ``make kill-sweep`` does, and not at a few."""


def kills_of(name: str, steps: int) -> range:
    """The steps at which a case is killed.

    A kill before the first checkpoint is one case's matter: such a run begins anew, whatever it trains.
    """
    if SWEEP:
        return range(0, steps, 8 if name.startswith("dropout within") else 1)  # tracing those layers takes long
    return range(0, steps, 18) if name == "sgd" else range(25, 26)


class Killed(BaseException):
    """The process is gone."""


def made(make: Make, **case: Any) -> Problem:
    """Six epochs of ten steps, with a checkpoint every seven; fresh weights from the same seed."""
    keras.utils.set_random_seed(5)
    training = {"epochs": 6, "checkpoint": "7 steps", **case.pop("training", {})}
    window, replicas = case.pop("window", None), Replicas(towers=case.pop("towers", 1))
    problem = make(**{"n": 77, "model": NOISY, **case, "training": training})
    if window is not None:
        problem.dataset = replace(problem.dataset, train=streamed(problem.dataset.train, Placement(window, False, 0)))
    if window is not None or replicas.towers > 1:
        problem.learner = make_learner(problem.plan, problem.dataset, replicas)
    if problem.learner.loss_scale is not None:
        # from far below it grows until updates are skipped, which takes more than half of the run
        problem.learner.loss_scale.scale.assign(8.0)
        problem.learner.loss_scale.growth = 3
    assert problem.plan.steps in (STEPS, 57)
    return problem


def trainer(problem: Problem, folder: Path, *, kill_at: int | None = None) -> Trainer:
    saver = PeriodicSaver(folder, problem.plan)

    def emit(event: Event) -> None:
        problem.events.append(event)
        if kill_at is not None and isinstance(event, Steps) and event.last_step >= kill_at:
            raise Killed

    return Trainer(problem.plan, problem.learner, problem.dataset, emit, StopRequest(), saver)


def fingerprint(trained: Trainer) -> str:
    """SHA-256 of everything that a run ends with: variables, best weights, position, decisions."""
    digest = hashlib.sha256()
    for name, array in sorted(state_dict(trained.learner).items()):
        digest.update(name.encode() + array.tobytes())
    for weights in trained.state.best.weights or []:
        digest.update(weights.tobytes())
    state = {key: value for key, value in trained.state.state_dict().items() if key not in ("over", "seconds")}
    digest.update(json.dumps(state, sort_keys=True).encode())
    return digest.hexdigest()


def history(events: list[Event]) -> dict[int, tuple[float, float | None, float]]:
    """The executed curve; what a later session did again wins."""
    rows: dict[int, tuple[float, float | None, float]] = {}
    for event in events:
        if isinstance(event, Steps):
            momenta = event.momentum or (None,) * len(event.loss)
            for k, row in enumerate(zip(event.learning_rate, momenta, event.loss, strict=True)):
                rows[event.first_step + k] = row
    return rows


def as_killed_at(
    steps: Iterable[int], problem: Problem, going: Trainer, folder: Path
) -> dict[int, tuple[Path, list[Event]]]:
    """Copies of the folder as kills at these steps would leave it, and the events up to then.

    The run itself goes on: what it trains after such a moment, another run need not train up to it.
    """
    left, kept = [*steps], dict[int, tuple[Path, list[Event]]]()
    hear = going.training.emit

    def emit(event: Event) -> None:
        hear(event)
        while left and isinstance(event, Steps) and event.last_step >= left[0]:
            step = left.pop(0)
            copy = folder.with_name(f"at-{step}")
            if folder.exists():
                shutil.copytree(folder, copy)
            kept[step] = copy, [*problem.events]

    going.training.emit = emit
    return kept


def go_on(make: Make, folder: Path, case: dict[str, Any], *, kill_at: int | None = None) -> tuple[Problem, Trainer]:
    problem = made(make, **case)
    going = trainer(problem, folder, kill_at=kill_at)
    checkpoint, _ = newest_checkpoint(folder)
    if checkpoint is not None:
        restored(going, checkpoint)
    return problem, going


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in ("plateau", "validation") else pytest.mark.slow) for name in CASES],
)
def test_killed_at_any_step_a_run_goes_on_to_the_same_bits(problem: Make, tmp_path: Path, name: str) -> None:
    case = CASES[name]
    straight = made(problem, **case)
    reference = trainer(straight, tmp_path / "straight")
    kept = as_killed_at(kills_of(name, straight.plan.steps), straight, reference, tmp_path / "straight")
    reference.run()
    wanted, curve = fingerprint(reference), history(straight.events)
    assert (reference.state.position.skipped > 0) == (name == "float16")
    assert kept
    for step, (folder, events) in kept.items():
        again, resumed = go_on(problem, folder, case)
        resumed.run()
        assert fingerprint(resumed) == wanted, f"killed at step {step}"
        assert history([*events, *again.events]) == curve
        assert (min(history(again.events)) > 0) == (step >= 7), "from its first checkpoint on it does not begin anew"


def test_killed_twice_in_one_epoch_a_run_goes_on_to_the_same_bits(problem: Make, tmp_path: Path) -> None:
    case = CASES["stopping"]
    reference = trainer(made(problem, **case), tmp_path / "straight")
    reference.run()
    for step in (23, 25, 28):
        _, going = go_on(problem, tmp_path / "runs", case, kill_at=step)
        with pytest.raises(Killed):
            going.run()
    _, resumed = go_on(problem, tmp_path / "runs", case)
    resumed.run()
    assert fingerprint(resumed) == fingerprint(reference)


def test_killed_between_a_stop_within_an_epoch_and_its_last_row_a_run_goes_on_to_the_same_figures(
    problem: Make, tmp_path: Path
) -> None:
    case = {"training": {"checkpoint": "4 steps", "early_stopping": {"patience": 3, "min_delta": 100.0},
                         "validation": {"every": "4 steps"}}}  # fmt: skip
    reference = trainer(made(problem, **case), tmp_path / "straight")
    wanted = reference.run()
    assert (wanted.steps, wanted.ended_by) == (16, "early_stopping")
    killed = trainer(made(problem, **case), tmp_path / "c")
    hear = killed.training.emit

    def emit(event: Event) -> None:
        if isinstance(event, EpochEnded) and event.step == 16:
            raise Killed
        hear(event)

    killed.training.emit = emit
    with pytest.raises(Killed):
        killed.run()
    again, resumed = go_on(problem, tmp_path / "c", case)
    assert resumed.run() == wanted
    assert fingerprint(resumed) == fingerprint(reference)
    assert [event.step for event in again.events if isinstance(event, EpochEnded)] == [16]


def test_a_checkpoint_is_made_on_every_seventh_step_and_two_are_kept(problem: Make, tmp_path: Path) -> None:
    trainer(made(problem, **CASES["sgd"]), tmp_path / "c").run()
    assert [read_checkpoint(path).step for path in list_checkpoints(tmp_path / "c")] == [60, 56]


@pytest.mark.parametrize("damage", ["torn", "flipped", "empty"])
def test_a_broken_newest_checkpoint_falls_back_to_the_one_before(problem: Make, tmp_path: Path, damage: str) -> None:
    case, folder = CASES["adam"], tmp_path / "c"
    reference = trainer(made(problem, **case), tmp_path / "straight")
    reference.run()
    _, going = go_on(problem, folder, case, kill_at=33)
    with pytest.raises(Killed):
        going.run()
    newest = list_checkpoints(folder)[0]
    data = bytearray(newest.read_bytes())
    data[len(data) // 2] ^= 1
    newest.write_bytes({"torn": data[: len(data) // 3], "flipped": data, "empty": b""}[damage])
    checkpoint, broken = newest_checkpoint(folder)
    assert checkpoint is not None
    assert (checkpoint.step, len(broken)) == (21, 1)
    assert newest.name in broken[0]
    _, resumed = go_on(problem, folder, case)
    resumed.run()
    assert fingerprint(resumed) == fingerprint(reference)


def stopped(make: Make, folder: Path, **case: Any) -> Checkpoint:
    """A checkpoint of step 30 of 60: the end of the third epoch."""
    going = trainer(made(make, **case), folder, kill_at=30)
    with pytest.raises(Killed):
        going.run()
    (path,) = [path for path in list_checkpoints(folder) if read_checkpoint(path).step == 28]
    return read_checkpoint(path)


@pytest.mark.parametrize(
    ("policy", "epochs", "step"), [("continue", 12, 28), ("rescale", 12, 56), ("rescale", 3, 14), ("restart", 12, 0)]
)
def test_a_changed_length_goes_on_as_the_policy_says(
    problem: Make, tmp_path: Path, policy: Policy, epochs: int, step: int
) -> None:
    case = {"schedule": {"kind": "1cycle", "max_lr": 0.1}}
    checkpoint = stopped(problem, tmp_path, **case)
    keras.utils.set_random_seed(5)
    changed = problem(n=77, model=NOISY, training={"epochs": epochs}, **case)
    going = changed.trainer()
    restored(going, adapt(checkpoint, policy, changed.plan))
    assert (going.state.position.step, going.state.position.epoch) == (step, step // 10)
    model = {name: array for name, array in state_dict(changed.learner).items() if name.startswith("model.")}
    assert all(np.array_equal(array, checkpoint.arrays[name]) for name, array in model.items())
    going.run()
    rates = changed.plan.schedule.evaluate(np.arange(changed.plan.steps))["learning_rate"]
    curve = history(changed.events)
    assert sorted(curve) == list(range(step, changed.plan.steps))
    assert all(np.float32(curve[t][0]) == rates[t] for t in curve)


def test_a_changed_batch_size_begins_the_epoch_anew(problem: Make, tmp_path: Path) -> None:
    checkpoint = stopped(problem, tmp_path)
    changed = problem(n=77, model=NOISY, data={"source": "builtin", "name": "iris", "batch_size": 16})
    adapted = adapt(checkpoint, "continue", changed.plan)
    assert changed.plan.steps_per_epoch == 5
    assert (adapted.step, adapted.state["position"]["epoch"]) == (10, 2)
    going = changed.trainer()
    restored(going, adapted)
    going.run()
    assert [event.epoch for event in changed.events if isinstance(event, EpochEnded)] == [2, 3, 4]


def test_a_checkpoint_of_another_model_is_refused_and_changes_nothing(problem: Make, tmp_path: Path) -> None:
    checkpoint = stopped(problem, tmp_path)
    other = problem(n=77)
    before = state_dict(other.learner)
    with pytest.raises(StateMismatch, match=r"model\.0000 \("):
        restored(other.trainer(), checkpoint)
    assert all(np.array_equal(array, before[name]) for name, array in state_dict(other.learner).items())
