"""A run from its data to its last event: which weights are tested and saved, and how it says that it ended."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from runner.data.access import DataAccess
from runner.data.examples import Dataset
from runner.engine.loop import session
from runner.engine.loop.resume_policy import adapt
from runner.engine.loop.session import TrainingJob, train
from runner.events import EpochEnded, Evaluated, Event, ExpectationChecked, RunEnded, Steps
from runner.record.checkpoint import Checkpoint, list_checkpoints, read_checkpoint
from runner.record.directory import RunDirectory, open_explicit
from tests.engine.problem import Problem, examples

Make = Callable[..., Problem]
EMA = {"ema": {"decay": 0.9}}
NORMALISED = {"kind": "sequential", "layers": [{"kind": "dense", "units": 5}, {"kind": "batch_normalization"}]}


class Run:
    """A problem, run as ``recipe run`` does."""

    def __init__(
        self,
        make: Make,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        *,
        tested: int = 30,
        hear: Callable[[Event], None] = lambda event: None,
        checkpoint: Checkpoint | None = None,
        name: str = "run",
        **case: Any,
    ) -> None:
        problem = make(**{"n": 77, "model": NORMALISED, **case})
        self.plan = replace(problem.plan, data=replace(problem.plan.data, test=tested))
        self.test = examples(np.random.default_rng(1), tested) if tested else None
        self.validation: Any = problem.dataset.validation
        dataset = Dataset(problem.dataset.train, problem.dataset.validation, self.test)
        monkeypatch.setattr(session, "load_data", lambda plan, folder: dataset)
        self.directory: RunDirectory = open_explicit(folder / name)
        self.events: list[Event] = []

        def emit(event: Event) -> None:
            self.events.append(event)
            hear(event)

        job = TrainingJob(
            self.plan,
            DataAccess(folder),
            self.directory,
            self.directory.checkpoints(),
            lambda digests: None,
            None if checkpoint is None else adapt(checkpoint, "continue", self.plan),
        )
        self.ended: RunEnded = train(job, emit, 0.0)

    @property
    def arrays(self) -> dict[str, Any]:
        """Of the last checkpoint."""
        return read_checkpoint(list_checkpoints(self.directory.checkpoints())[0]).arrays

    def trainable(self, path: Path) -> list[Any]:
        return [np.array(variable) for variable in keras.models.load_model(path).trainable_variables]

    def named(self, prefix: str) -> list[Any]:
        return [array for name, array in sorted(self.arrays.items()) if name.startswith(prefix)]


def figures_of(model: Any, split: Any) -> tuple[float, float]:
    """Loss and accuracy of a saved model, in NumPy."""
    predicted = np.asarray(model(split.x))
    loss = -np.log(predicted[np.arange(len(split)), split.y]).mean()
    return float(loss), float((predicted.argmax(1) == split.y).mean())


def equal(ours: list[Any], wanted: list[Any]) -> bool:
    return len(ours) == len(wanted) and all(np.array_equal(a, b) for a, b in zip(ours, wanted, strict=True))


def test_the_average_is_tested_and_saved_and_the_checkpoint_has_both(
    problem: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(problem, tmp_path, monkeypatch, training={"epochs": 3, **EMA})
    saved = run.trainable(run.directory.model)
    assert equal(saved, run.named("average."))
    raw = [array for array in run.named("model.") if any(array.shape == weight.shape for weight in saved)]
    assert not any(np.array_equal(saved[0], array) for array in raw), "training goes on with weights of its own"
    (evaluated,) = (event for event in run.events if isinstance(event, Evaluated))
    opened = keras.models.load_model(run.directory.model)
    assert run.test is not None
    loss, accuracy = opened.evaluate(run.test.x, run.test.y, verbose=0)
    assert evaluated.metrics["test_loss"] == pytest.approx(loss, rel=1e-5)
    assert evaluated.metrics["test_accuracy"] == pytest.approx(accuracy)


def test_early_stopping_restores_the_average_of_the_best_epoch(
    problem: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # so large a rate that later epochs are worse
    schedule = {"kind": "piecewise", "boundaries": ["2 epochs"], "values": [0.1, 3.0]}
    stopping = {"monitor": "val_loss", "patience": 2}
    run = Run(problem, tmp_path, monkeypatch, schedule=schedule, optimizer={"kind": "sgd"},
              training={"epochs": 9, "early_stopping": stopping, **EMA})  # fmt: skip
    epochs = [event for event in run.events if isinstance(event, EpochEnded)]
    best = int(np.argmin([event.metrics["val_loss"] for event in epochs]))
    assert best < len(epochs) - 1
    assert run.ended.best is not None
    assert run.ended.best["epoch"] == best
    saved = run.trainable(run.directory.model)
    assert equal(saved, run.trainable(run.directory.best))
    assert not equal(saved, run.named("average."))
    opened = keras.models.load_model(run.directory.model)
    validation_loss = epochs[best].metrics["val_loss"]
    assert validation_loss == pytest.approx(run.ended.best["val_loss"])
    assert equal([np.array(w) for w in opened.weights], run.named("best."))


def test_the_best_model_is_restored_without_test_examples_too(
    problem: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = {"kind": "piecewise", "boundaries": ["2 epochs"], "values": [0.1, 3.0]}
    run = Run(problem, tmp_path, monkeypatch, tested=0, schedule=schedule,
              training={"epochs": 9, "early_stopping": {"monitor": "val_loss", "patience": 2}})  # fmt: skip
    assert equal(run.trainable(run.directory.model), run.trainable(run.directory.best))


WORSE_LATER = {"kind": "piecewise", "boundaries": ["2 epochs"], "values": [0.1, 1.0]}
FINAL: dict[str, dict[str, Any]] = {
    "the last": {"epochs": 4},
    "the last by steps": {"epochs": None, "steps": 33},
    "the average": {"epochs": 4, **EMA},
    "the average of the best": {"epochs": 9, "early_stopping": {"patience": 2}, **EMA},
    "the best": {"epochs": 6, "early_stopping": {"patience": 2}},
    "the best at the end": {"epochs": 6, "early_stopping": {"patience": 50}},
    "the best by the training loss": {
        "epochs": 6, "early_stopping": {"monitor": "loss", "patience": 3}, "validation": {"every": "4 epochs"}},
    "the best of some epochs": {
        "epochs": 9, "early_stopping": {"patience": 1}, "validation": {"every": "2 epochs", "between": "25%"}},
    "the best of some steps": {
        "epochs": 9, "early_stopping": {"patience": 3}, "validation": {"every": "7 steps"}},
    "the last of a stopped run": {
        "epochs": 9, "validation": {"every": "50%"},
        "early_stopping": {"monitor": "loss", "patience": 1, "min_delta": 9.0, "restore_best": False}},
    "the last when the time is up": {"epochs": 10**5, "time_limit": "1 second", "validation": {"every": "100%"}},
}  # fmt: skip


@pytest.mark.parametrize("name", FINAL)
def test_all_final_figures_are_of_the_model_that_is_saved(
    problem: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    bounds = {"val_loss": "<= 900", "val_accuracy": ">= 0"}
    schedule = {**WORSE_LATER, "values": [0.1, 3.0 if name == "the average of the best" else 1.0]}
    run = Run(problem, tmp_path, monkeypatch, schedule=schedule, training=FINAL[name], expect=bounds)
    assert run.ended.status == "finished"
    metrics, opened = run.ended.metrics, keras.models.load_model(run.directory.model)
    assert set(metrics) == {f"{part}{name}" for part in ("", "val_", "test_") for name in ("loss", "accuracy")}
    for prefix, split in (("val_", run.validation), ("test_", run.test)):
        loss, accuracy = figures_of(opened, split)
        assert metrics[f"{prefix}loss"] == pytest.approx(loss, rel=1e-5)
        assert metrics[f"{prefix}accuracy"] == pytest.approx(accuracy)
    checked = {event.metric: event.value for event in run.events if isinstance(event, ExpectationChecked)}
    assert checked == {bound: metrics[bound] for bound in bounds}
    epochs = [event for event in run.events if isinstance(event, EpochEnded)]
    if "best" in name:
        assert run.ended.best is not None
        assert metrics["val_loss"] != epochs[-1].metrics.get("val_loss")
        watched = run.plan.best.name
        assert run.ended.best[watched] == metrics[watched]
        assert equal(run.trainable(run.directory.model), run.trainable(run.directory.best))


def test_missed_expectations_are_counted_and_told_with_their_values(
    problem: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds = {"val_accuracy": "> 1", "val_loss": "< 9", "test_loss": "<= 0", "onnx_flips": "<= 0"}
    bounds |= {"seconds": "< 1e4", "memory_mib": "<= 1"}
    run = Run(problem, tmp_path, monkeypatch, training={"epochs": 1}, expect=bounds)
    assert (run.ended.status, run.ended.message) == ("expectation_missed", "3 of 5 expectations missed")
    checks = [event for event in run.events if isinstance(event, ExpectationChecked)]
    assert [(check.metric, check.met) for check in checks] == [
        ("val_accuracy", False), ("val_loss", True), ("test_loss", False), ("seconds", True),
        ("memory_mib", False)]  # fmt: skip
    values = {check.metric: check.value or 0.0 for check in checks}
    assert 0 < values["seconds"] < 1e4
    assert 100 < values["memory_mib"] < 1e5  # TensorFlow alone is more than the least, in the right unit


def test_a_run_that_a_signal_ends_within_an_epoch_claims_no_figures(
    problem: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def heard(step: int) -> Callable[[Event], None]:
        def hear(event: Event) -> None:
            if isinstance(event, Steps) and event.last_step + 1 >= step:
                os.kill(os.getpid(), signal.SIGTERM)

        return hear

    within = Run(problem, tmp_path / "a", monkeypatch, training={"epochs": 9, "checkpoint": "3 steps"}, hear=heard(13))
    assert (within.ended.status, within.ended.metrics) == ("terminated", {})
    behind = Run(problem, tmp_path / "b", monkeypatch, training={"epochs": 9, "checkpoint": "3 steps"}, hear=heard(20))
    assert behind.ended.steps == 20
    loss, _ = figures_of(keras.models.load_model(behind.directory.model), behind.validation)
    assert behind.ended.metrics["val_loss"] == pytest.approx(loss, rel=1e-5)


DIVERGING: dict[str, Any] = {
    "task": "regression",
    "schedule": {"kind": "piecewise", "boundaries": ["23 steps"], "values": [0.05, 1e6]},
    "model": {"kind": "sequential", "layers": [{"kind": "dense", "units": 5}], "output": {"activation": "linear"}},
    "training": {"epochs": 6, "loss": "mean_squared_error", "metrics": []},
}


def test_a_run_that_diverges_at_once_has_its_last_good_state_as_a_checkpoint_and_goes_on_from_it(
    problem: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(problem, tmp_path, monkeypatch, tested=0, **DIVERGING)
    assert run.ended.status == "diverged"
    (path,) = list_checkpoints(run.directory.checkpoints())
    checkpoint = read_checkpoint(path)
    assert run.ended.checkpoint == checkpoint.step
    assert 0 < checkpoint.step <= 23
    assert all(np.isfinite(array).all() for array in checkpoint.arrays.values())
    smaller = {**DIVERGING, "schedule": {"kind": "constant", "learning_rate": 0.05}}
    going = Run(problem, tmp_path, monkeypatch, tested=0, checkpoint=checkpoint, name="again", **smaller)
    assert going.ended.status == "finished"
    assert going.ended.metrics["loss"] < 1.0


def test_a_run_that_diverges_in_its_first_steps_goes_on_from_its_beginning(
    problem: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = {**DIVERGING, "schedule": {"kind": "constant", "learning_rate": 1e6}}
    run = Run(problem, tmp_path, monkeypatch, tested=0, **case)
    assert (run.ended.status, run.ended.checkpoint) == ("diverged", 0)


def test_a_run_whose_time_is_up_is_finished_and_says_so(
    problem: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(problem, tmp_path, monkeypatch, training={"epochs": 10**6, "time_limit": "2 seconds"})
    assert run.ended.status == "finished"
    assert run.ended.message == f"time limit of 2 seconds after step {run.ended.steps:,} of 10,000,000"
    assert "test_loss" in run.ended.metrics
    assert read_checkpoint(list_checkpoints(run.directory.checkpoints())[0]).step == run.ended.steps
