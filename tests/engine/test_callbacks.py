"""Callbacks of custom code: which hooks act and when, what they may change, and that a killed run calls them alike."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.custom_import import resolve
from runner.data.examples import Dataset
from runner.data.facts import DataFacts
from runner.engine.distributed.replicas import ALONE
from runner.engine.loop.callbacks import bridge_of
from runner.engine.loop.checkpoint_saver import NoSaver, PeriodicSaver
from runner.engine.loop.checkpoints import checkpoint_of
from runner.engine.loop.replay import replayed
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.step_figures import make_step
from runner.engine.loop.trainer import Trainer
from runner.engine.loop.training_state import TrainingState
from runner.engine.loop.variables import state_dict
from runner.engine.step.learner import Learner, make_learner
from runner.errors import BuildError, OwnCodeFailed
from runner.events import Event, Steps, Warned
from runner.model.own_callback import require_callbacks
from runner.plan.allow_code import with_code
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from runner.record.checkpoint import Checkpoint, newest_checkpoint
from schemas.recipe import Recipe
from schemas.rules import check
from tests.engine.problem import BASE, examples, go_on

MINE = """
import keras
CALLS = []

class Told(keras.callbacks.Callback):
    def __init__(self, stop_at=None):
        super().__init__()
        self.stop_at = stop_at
    def note(self, hook, *more):
        CALLS.append((hook, *more))
    def on_train_begin(self, logs=None): self.note("train_begin", self.params["epochs"], self.params["steps"])
    def on_train_end(self, logs=None): self.note("train_end", sorted(logs))
    def on_epoch_begin(self, epoch, logs=None): self.note("epoch_begin", epoch)
    def on_epoch_end(self, epoch, logs=None): self.note("epoch_end", epoch, sorted(logs))
    def on_train_batch_end(self, batch, logs=None):
        self.note("batch_end", batch, sorted(logs))
        if batch == self.stop_at:
            self.model.stop_training = True
    def on_train_batch_begin(self, batch, logs=None): self.note("never")
    def on_test_end(self, logs=None): self.note("never")

class Shrinks(keras.callbacks.Callback):  # changes weights, by a number of its own that must be saved
    def __init__(self):
        super().__init__()
        self.count = 0
    def shrink(self):
        self.count += 1
        weight = self.model.trainable_variables[0]
        weight.assign(weight * (1 - 0.1 / self.count))
    def on_train_begin(self, logs=None):
        self.count = 0
        self.shrink()
    def on_epoch_begin(self, epoch, logs=None): self.shrink()
    def on_epoch_end(self, epoch, logs=None): self.shrink()
    def on_train_batch_end(self, batch, logs=None): self.shrink()
    def on_train_end(self, logs=None): self.shrink()
    def get_state(self): return {"count": self.count}
    def set_state(self, state): self.count = state["count"]

class Fails(keras.callbacks.Callback):
    def __init__(self, hook):
        super().__init__()
        self.hook = hook
    def on_epoch_end(self, epoch, logs=None):
        if self.hook == "rate": self.model.optimizer.learning_rate = 0.5
        if self.hook == "end" and epoch == 1: raise ValueError("it is broken")
    def get_state(self): return {1, 2} if self.hook == "state" else None

class Nothing: pass
"""


def planned(folder: Path, *callbacks: dict[str, Any], **training: Any) -> Plan:
    (folder / "mine_callbacks.py").write_text(MINE)
    written = [{**one, "target": f"mine_callbacks:{one['target']}"} for one in callbacks]
    recipe = Recipe.model_validate(
        {**BASE, "callbacks": written, "training": {"epochs": 3, "checkpoint": "4 steps", **training}}
    )
    assert [found.path for found in check(recipe) if found.code == "R185"] == [
        ("callbacks", k, "target") for k in range(len(callbacks))
    ]
    return with_code(make_plan(recipe, DataFacts("builtin", "made", "1", 75, 20, 0, (4,), 3, 4)), folder)


class Killed(BaseException):
    """The process is gone."""


def trainer(folder: Path, plan: Plan, name: str = "c", kill_at: int | None = None) -> tuple[Trainer, list[Event]]:
    generator, events = np.random.default_rng(4), list[Event]()
    data = Dataset(examples(generator, 75), examples(generator, 20), None)
    learner = make_learner(plan, data)

    def emit(event: Event) -> None:
        events.append(event)
        if kill_at is not None and isinstance(event, Steps) and event.last_step >= kill_at:
            raise Killed

    bridge, saver = bridge_of(plan, learner, emit), PeriodicSaver(folder / name, plan)
    return Trainer(plan, learner, data, emit, StopRequest(), saver, bridge), events


def test_the_hooks_act_as_often_as_the_plan_says(tmp_path: Path) -> None:
    plan = planned(tmp_path, {"target": "Told", "every": "6 steps"}, epochs=2)
    assert plan.callbacks[0].text == "on train begin and end, epoch begin and end, batch end every 6 steps"
    assert plan.code is not None
    assert list(plan.code.sources) == ["mine_callbacks:Told"]
    calls = resolve("mine_callbacks:CALLS", plan.code.folder)
    calls.clear()
    made, events = trainer(tmp_path, plan)
    made.run()
    running, figures = ["accuracy", "loss"], ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert calls == [
        ("train_begin", 2, 10),
        ("epoch_begin", 0), ("batch_end", 5, running), ("epoch_end", 0, figures),
        ("epoch_begin", 1), ("batch_end", 1, running), ("batch_end", 7, running), ("epoch_end", 1, figures),
        ("train_end", figures),
    ]  # fmt: skip
    (warned,) = [event.message for event in events if isinstance(event, Warned)]
    assert "on_test_end" in warned
    assert "on_train_batch_begin" in warned
    assert "on_train_batch_end" not in warned


def test_stop_training_ends_the_run_as_early_stopping_does(tmp_path: Path) -> None:
    plan = planned(tmp_path, {"target": "Told", "every": "2 steps", "arguments": {"stop_at": 5}})
    made, events = trainer(tmp_path, plan)
    outcome = made.run()
    assert (outcome.steps, outcome.ended_by) == (6, "early_stopping")
    assert "val_loss" in outcome.metrics
    assert any(isinstance(event, Warned) and "set model.stop_training" in event.message for event in events)
    checkpoint, _ = newest_checkpoint(tmp_path / "c")
    assert checkpoint is not None
    again, _ = trainer(tmp_path, plan)
    go_on(again, checkpoint)
    assert again.run().steps == 6


@pytest.mark.parametrize("kill_at", [9, 10, 21])
def test_killed_a_run_calls_them_to_the_same_bits(tmp_path: Path, kill_at: int) -> None:
    plan = planned(tmp_path, {"target": "Shrinks", "every": "3 steps"}, checkpoint="2 steps")
    straight, _ = trainer(tmp_path, plan, "straight")
    straight.run()
    with pytest.raises(Killed):
        trainer(tmp_path, plan, kill_at=kill_at)[0].run()
    for _ in range(2):  # the second time there is nothing left to train
        checkpoint, _ = newest_checkpoint(tmp_path / "c")
        assert checkpoint is not None
        going, _ = trainer(tmp_path, plan)
        go_on(going, checkpoint)
        going.run()
        wanted, found = state_dict(straight.learner), state_dict(going.learner)
        assert [key for key in wanted if not np.array_equal(wanted[key], found[key])] == []


class Keeps(NoSaver):
    """Keeps the state after every step."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.saved: dict[int, Checkpoint] = {}

    def steps_left(self, step: int) -> int:
        return 1

    def save_if_due(self, state: TrainingState, learner: Learner) -> None:
        self.saved[state.position.step] = checkpoint_of(state, learner, self.plan)


@pytest.mark.parametrize(("begin", "step"), [(None, 0), (None, 13), (10, 10), (16, 20), (16, 28)])
def test_a_replay_calls_them_as_the_run_did(tmp_path: Path, begin: int | None, step: int) -> None:
    """From the beginning or a checkpoint; steps 10 and 20 are first in an epoch, 13 and 28 are followed by a hook."""
    plan = planned(tmp_path, {"target": "Shrinks", "every": "1 steps"}, checkpoint="1 steps")
    made, events = trainer(tmp_path, plan)
    made.saver = made.stepper.saver = keeps = Keeps(plan)
    made.run()
    saved, again = keeps.saved, list[Event]()
    generator = np.random.default_rng(4)
    data = Dataset(examples(generator, 75), examples(generator, 20), None)
    figures = make_step(replayed(plan, data, ALONE, None if begin is None else saved[begin], step, again.append))
    losses = {e.first_step + k: loss for e in events if isinstance(e, Steps) for k, loss in enumerate(e.loss)}
    assert figures.steps.loss[0] == losses[step]
    wanted = saved[step + 1].arrays
    assert sum(len(event.loss) for event in again if isinstance(event, Steps)) == step - (begin or 0)
    assert [name for name, array in figures.after.items() if not np.array_equal(array, wanted[name])] == []


@pytest.mark.parametrize(
    ("hook", "says", "step"),
    [
        ("rate", r"callback mine_callbacks:Fails, on_epoch_end: it assigned learning_rate", 10),
        ("end", r"callback mine_callbacks:Fails, on_epoch_end: ValueError: it is broken", 20),
        ("state", r"callback mine_callbacks:Fails, get_state: TypeError: .*not JSON serializable", None),
    ],
)
def test_what_a_callback_does_wrong_ends_the_run_with_a_checkpoint(
    tmp_path: Path, hook: str, says: str, step: int | None
) -> None:
    made, _ = trainer(tmp_path, planned(tmp_path, {"target": "Fails", "arguments": {"hook": hook}}))
    with pytest.raises(OwnCodeFailed, match=says):
        made.run()
    checkpoint, _ = newest_checkpoint(tmp_path / "c")
    assert (None if checkpoint is None else checkpoint.step) == step


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"target": "Nothing"}, "must be a class of keras.callbacks.Callback"),
        ({"target": "Tolt"}, "did you mean 'Told'"),
        ({"target": "Told", "arguments": {"stop": 3}}, "unexpected keyword argument 'stop'"),
    ],
)
def test_what_is_no_callback_is_told_at_its_target_before_the_run(
    tmp_path: Path, written: dict[str, Any], says: str
) -> None:
    with pytest.raises(BuildError, match=says) as raised:
        require_callbacks(planned(tmp_path, written))
    assert (raised.value.code, raised.value.place) == ("R207", ("callbacks", 0, "target"))
