"""A checkpoint that someone sent: what no run of the plan can have written is refused by name, and changes nothing."""

import copy
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.engine.loop.checkpoint_saver import PeriodicSaver
from runner.engine.loop.resume_policy import adapt
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.engine.loop.training_state import TrainingState
from runner.engine.loop.variables import state_dict
from runner.engine.step.learner import Learner
from runner.errors import CheckpointUnfit, StateMismatch
from runner.record.checkpoint import (
    Checkpoint,
    list_checkpoints,
    newest_checkpoint,
    read_checkpoint,
    write_checkpoint,
)
from runner.record.tensor_file import digest_of
from tests.engine.problem import Problem, go_on
from tests.record.test_strangers import ANY, DEEP, hidden, places

TRAINING = {"epochs": 6, "checkpoint": "7 steps", "early_stopping": {"patience": 5}}
PLATEAU = {"kind": "plateau", "learning_rate": 0.05, "patience": 3, "cooldown": 1}
STEP = 28


class Stood:
    """A trainer that has not begun, and a checkpoint of its plan within the third epoch of ten steps."""

    def __init__(self, folder: Path) -> None:
        problem = Problem.make(np.random.default_rng(7), n=77, training=TRAINING, schedule=PLATEAU)
        saver = PeriodicSaver(folder, problem.plan)
        self.plan = problem.plan
        trained = Trainer(problem.plan, problem.learner, problem.dataset, problem.events.append, StopRequest(), saver)
        save_if_due, kept = saver.save_if_due, list[Checkpoint]()

        def save(state: TrainingState, learner: Learner) -> None:
            save_if_due(state, learner)
            kept.extend(read_checkpoint(path) for path in list_checkpoints(folder)[:1])

        saver.save_if_due = save  # type: ignore[method-assign]
        trained.run()
        self.checkpoint = next(c for c in kept if c.step == STEP)
        self.trainer = trained

    def forged(self, path: str, value: Any) -> Checkpoint:
        state: Any = copy.deepcopy(self.checkpoint.state)
        held, (*keys, last) = state, path.split(".")
        for key in keys:
            held = held[key]
        held[last] = value
        return Checkpoint(self.checkpoint.step, state, self.checkpoint.arrays)

    def refuses(self, checkpoint: Checkpoint, says: str) -> None:
        before, position = state_dict(self.trainer.learner), self.trainer.state.position
        with pytest.raises((StateMismatch, CheckpointUnfit)) as refused:
            go_on(self.trainer, checkpoint)
        assert says in str(refused.value)
        assert hidden(str(refused.value)) == []
        assert len(str(refused.value)) < 1000
        assert self.trainer.state.position is position
        assert all(np.array_equal(array, before[name]) for name, array in state_dict(self.trainer.learner).items())


@pytest.fixture(scope="module")
def stood(tmp_path_factory: pytest.TempPathFactory) -> Stood:
    return Stood(tmp_path_factory.mktemp("stood"))


FORGED: list[tuple[str, Any]] = [
    *[("position.step", value) for value in (-7, 10**30, 60.5, "28", None, 29, True, [], "\x1b[2J")],
    *[("position.epoch", value) for value in (3, 0, -1, 10**9, 2.0, "2")],
    *[("position.sums.examples", value) for value in (-8, 3, 72, 10**12, 64.0, "\a")],
    *[("position.sums.loss", value) for value in (float("nan"), float("inf"), "1", None)],
    *[("position.sums.metrics", value) for value in ([], [0.1, 0.2], ["1"], None, [0.1] * 5000)],
    *[("position.sums.skipped", value) for value in (-1, 9, 0.5)],
    ("position.sums", None), ("position.sums", {}), ("position.sums.more", 1),
    *[("position.metrics", value) for value in ({"los": 0.1}, {"loss": "0.1"}, [], {"\x1b": 1.0})],
    *[("position.skipped", value) for value in (21, -1)],
    ("position", None), ("position", []),
    *[("steps", value) for value in (0, 61, 10**30, "60")],
    *[("steps_per_epoch", value) for value in (0, 9, 11, None)],
    *[("fingerprint", value) for value in ("0" * 64, None, "\x1b[2J", "x" * 10_000)],
    *[("plateau.scale", value) for value in (0, -1, 1.5, float("nan"), "1")],
    *[("plateau.wait", value) for value in (3, 10**9, -1, 0.5)],
    *[("plateau.cooldown", value) for value in (2, -1, None)],
    *[("plateau.best", value) for value in (float("inf"), "x")],
    ("plateau", None), ("plateau", {}),
    *[("best.epoch", value) for value in (3, 2, -1, -2, 10**9, None)],
    *[("best.step", value) for value in (29, 30, 0, -1)],
    *[("best.value", value) for value in (None, float("nan"), "x")],
    ("best", None), ("best", []),
    *[("stopping.best_epoch", value) for value in (2, 10**9, -1, -2)],
    *[("stopping.wait", value) for value in (6, 3, 10**9, -1, "0")],
    ("stopping", None), ("stopping", {}),
    *[("over", value) for value in (True, 1, "false", None)],
    *[("seconds", value) for value in (-1, float("nan"), float("inf"), "1")],
    ("more", 1),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), FORGED, ids=[f"{i}-{path}" for i, (path, _) in enumerate(FORGED)])
def test_a_state_that_no_run_of_the_plan_comes_to_is_refused(stood: Stood, path: str, value: Any) -> None:
    stood.refuses(stood.forged(path, value), path.split(".")[0])


@pytest.mark.parametrize("policy", ["continue", "rescale", "restart"])
@pytest.mark.parametrize("path", ["steps", "steps_per_epoch", "position.step", "position.epoch", "stopping.wait"])
def test_a_policy_takes_no_such_state_either(stood: Stood, policy: Any, path: str) -> None:
    for value in (0.5, "\x1b", -1, None):
        with pytest.raises(CheckpointUnfit, match=path):
            adapt(stood.forged(path, value), policy, stood.plan)


def with_array(stood: Stood, name: str, array: Any) -> Checkpoint:
    arrays = {key: value for key, value in stood.checkpoint.arrays.items() if key != name}
    return Checkpoint(STEP, stood.checkpoint.state, arrays if array is None else {**arrays, name: array})


@pytest.mark.parametrize("name", ["model.0000", "optimizer.0001", "momentum", "best.0000"])
def test_an_array_of_another_type_or_shape_or_none_is_named(stood: Stood, name: str) -> None:
    array = stood.checkpoint.arrays.get(name)
    if array is None:
        pytest.skip(f"this run has no {name}")
    for other in ("int64", "float64", "float16", "uint8", "bool"):
        if array.dtype != other:
            stood.refuses(with_array(stood, name, array.astype(other)), name)
    for shape in ((), (0,), (*array.shape, 1), (10**6,)):
        if shape != array.shape:
            stood.refuses(with_array(stood, name, np.zeros(shape, array.dtype)), name)
    stood.refuses(with_array(stood, name, None), name)


@pytest.mark.parametrize("name", ["model.0000", "best.0001"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_weight_that_is_not_finite_is_named(stood: Stood, name: str, value: float) -> None:
    array = stood.checkpoint.arrays[name].copy()
    array.flat[0] = value
    stood.refuses(with_array(stood, name, array), name)


@pytest.mark.parametrize("name", ["model.9999", "best.0099", "optimizer.0000000", "x\x1b[2J", "", "loss_scale.0"])
def test_an_array_too_many_is_named(stood: Stood, name: str) -> None:
    stood.refuses(with_array(stood, name, np.zeros(3, np.float32)), "which this model and optimizer have not")


def test_a_run_that_has_begun_needs_its_optimizer(stood: Stood) -> None:
    model = {name: array for name, array in stood.checkpoint.arrays.items() if not name.startswith("optimizer.")}
    stood.refuses(Checkpoint(STEP, stood.checkpoint.state, model), "optimizer.0000")


def test_a_real_checkpoint_is_taken(stood: Stood) -> None:
    go_on(stood.trainer, stood.checkpoint)
    assert (stood.trainer.state.position.step, stood.trainer.state.position.epoch) == (STEP, 2)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_changed_in_a_state_a_run_stands_within_its_plan_or_is_refused(
    stood: Stood, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from([path for path in places(stood.checkpoint.state) if 0 not in path]))
    checkpoint = stood.forged(".".join(map(str, path)), data.draw(ANY))
    with suppress(StateMismatch, CheckpointUnfit):
        go_on(stood.trainer, checkpoint)
    position = stood.trainer.state.position
    assert position.epoch == position.step // stood.plan.steps_per_epoch
    assert 0 <= position.step <= stood.plan.steps


@pytest.mark.parametrize(
    "state",
    ["[]", "3", "null", "{", "{}", '{"step":-7}', '{"step":60.5}', '{"step":"28"}', '{"step":1e30}', DEEP,
     '{"step":28,"x":' + DEEP, '{"step":' + "9" * 10_000 + "}"],
    ids=range(12),
)  # fmt: skip
def test_a_whole_file_without_a_state_is_refused_and_no_older_one_taken(
    stood: Stood, tmp_path: Path, state: str
) -> None:
    write_checkpoint(tmp_path, Checkpoint(21, {}, stood.checkpoint.arrays))
    write_checkpoint(tmp_path, stood.checkpoint)
    forge(list_checkpoints(tmp_path)[0], state)
    with pytest.raises(CheckpointUnfit, match=r"step-000000000028\.safetensors: its state ") as refused:
        newest_checkpoint(tmp_path)
    assert len(str(refused.value)) < 1000


def forge(path: Path, state: str) -> None:
    """Give a checkpoint another state, and the checksum that goes with it."""
    from safetensors.numpy import load_file, save_file

    arrays = load_file(path)
    save_file(arrays, path, {"state": state, "sha256": digest_of(state, arrays)})


def test_a_name_that_says_another_step_than_the_state_is_refused(stood: Stood, tmp_path: Path) -> None:
    write_checkpoint(tmp_path, stood.checkpoint)
    path = list_checkpoints(tmp_path)[0]
    path.rename(tmp_path / "step-000000000042.safetensors")
    with pytest.raises(CheckpointUnfit, match=r"step-000000000042\.safetensors: its state belongs to step 28"):
        newest_checkpoint(tmp_path)
