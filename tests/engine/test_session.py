"""A run from its data to its last event: which weights are tested and saved, and how it says that it ended."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from runner.build.arrays import Dataset
from runner.engine import session
from runner.engine.session import Job, train
from runner.events import EpochEnded, Evaluated, Event, RunEnded
from runner.record.checkpoint import list_checkpoints, read_checkpoint
from runner.record.directory import RunDirectory, open_explicit
from tests.engine.problem import Problem, examples

Make = Callable[..., Problem]
EMA = {"ema": {"decay": 0.9}}
NORMALISED = {"kind": "sequential", "layers": [{"kind": "dense", "units": 5}, {"kind": "batch_normalization"}]}


class Run:
    """A problem, run as ``recipe run`` does."""

    def __init__(
        self, make: Make, folder: Path, monkeypatch: pytest.MonkeyPatch, *, tested: int = 30, **case: Any
    ) -> None:
        problem = make(n=77, model=NORMALISED, **case)
        self.plan = replace(problem.plan, data=replace(problem.plan.data, test=tested))
        self.test = examples(np.random.default_rng(1), tested) if tested else None
        dataset = Dataset(problem.dataset.train, problem.dataset.validation, self.test)
        monkeypatch.setattr(session, "load_data", lambda plan, folder: dataset)
        self.directory: RunDirectory = open_explicit(folder / "run")
        self.events: list[Event] = []
        self.ended: RunEnded = train(
            Job(self.plan, folder, self.directory, self.directory.checkpoints(), lambda digests: None),
            self.events.append,
            0.0,
        )

    @property
    def arrays(self) -> dict[str, Any]:
        """Of the last checkpoint."""
        return read_checkpoint(list_checkpoints(self.directory.checkpoints())[0]).arrays

    def trainable(self, path: Path) -> list[Any]:
        return [np.array(variable) for variable in keras.models.load_model(path).trainable_variables]

    def named(self, prefix: str) -> list[Any]:
        return [array for name, array in sorted(self.arrays.items()) if name.startswith(prefix)]


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


def test_a_run_whose_time_is_up_is_finished_and_says_so(
    problem: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(problem, tmp_path, monkeypatch, training={"epochs": 10**6, "time_limit": "2 seconds"})
    assert run.ended.status == "finished"
    assert run.ended.message == f"time limit of 2 seconds after step {run.ended.steps:,} of 10,000,000"
    assert "test_loss" in run.ended.metrics
    assert read_checkpoint(list_checkpoints(run.directory.checkpoints())[0]).step == run.ended.steps
