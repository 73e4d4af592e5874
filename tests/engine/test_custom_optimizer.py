"""Optimizers of custom code train: as Keras' own would, at the planned values, and on to the same bits after a kill."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.data.examples import Dataset
from runner.data.facts import DataFacts
from runner.engine.loop.checkpoint_saver import PeriodicSaver
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.engine.loop.variables import state_dict
from runner.engine.step.learner import Learner, make_learner
from runner.events import Event, Steps
from runner.model.own_optimizer import require_optimizer
from runner.plan.allow_code import with_code
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from runner.record.checkpoint import newest_checkpoint
from schemas.recipe import Recipe
from schemas.rules import check
from tests.engine.problem import BASE, examples, go_on

CYCLE = {
    "kind": "1cycle",
    "max_lr": 0.3,
    "momentum": {"low": 0.5, "high": 0.9},
    "weight_decay": {"phases": [{"duration": "100%", "weight_decay": {"from": 0.1, "to": 0.01}}]},
}
SGD = {"kind": "sgd", "momentum": 0.9, "weight_decay": 0.1}
CLONE = {"kind": "custom", "target": "own_optimizers:Clone", "momentum": 0.9, "weight_decay": 0.1, "slots": 1}
WALKS = {"kind": "custom", "target": "own_optimizers:Walks", "momentum": 0.9, "momentum_argument": "beta_1"}
LAYERS = {
    "model": {
        "kind": "sequential",
        "layers": [
            {"kind": "dense", "units": 5, "activation": "tanh", "name": "hidden"},
            {"kind": "dropout", "rate": 0.1},
            {"kind": "dense", "units": 4, "name": "next"},
        ],
    }
}
HALF_FROZEN = {
    "layers": ["hidden"],
    "factor": {"phases": [{"duration": "1 epochs", "factor": 0}, {"duration": "2 epochs", "factor": 0.5}]},
}
EVERYTHING: dict[str, dict[str, Any]] = {
    "plain": {},
    "clipped": {"training": {"clip": {"global_norm": 0.3}}},
    "accumulated": {"training": {"accumulate": 2}},
    "averaged": {"training": {"ema": {"decay": 0.9}}},
    "groups": {"groups": {"base": HALF_FROZEN}},
    "left out": {"exclude": {"biases": True}},
    "float16": {"hardware": {"precision": "mixed_float16"}},
    "xla": {"hardware": {"xla": "on"}},
}


class Killed(BaseException):
    """The process is gone."""


def planned(optimizer: dict[str, Any], **sections: Any) -> Plan:
    training = {"epochs": 3, "checkpoint": "2 steps", **sections.pop("training", {})}
    if "exclude" in sections:
        optimizer = {**optimizer, "exclude_from_weight_decay": sections.pop("exclude")}
    whole = {**BASE, **LAYERS, "schedule": CYCLE, **sections, "optimizer": optimizer, "training": training}
    recipe = Recipe.model_validate(whole)
    assert [found.message for found in check(recipe) if found.severity == "error"] == []
    return with_code(make_plan(recipe, DataFacts("builtin", "made", "1", 75, 20, 0, (4,), 3, 4)), Path(__file__).parent)


def trainer(folder: Path, plan: Plan, kill_at: int | None = None) -> tuple[Trainer, list[Event]]:
    generator, events = np.random.default_rng(4), list[Event]()
    data = Dataset(examples(generator, 75), examples(generator, 20), None)

    def emit(event: Event) -> None:
        events.append(event)
        if kill_at is not None and isinstance(event, Steps) and event.last_step >= kill_at:
            raise Killed

    learner = make_learner(plan, data)
    return Trainer(plan, learner, data, emit, StopRequest(), PeriodicSaver(folder, plan)), events


def weights(learner: Learner) -> list[Any]:
    return [np.array(weight) for weight in learner.model.trainable_variables]


@pytest.mark.parametrize("optimizer", [CLONE, WALKS], ids=["clone", "walks"])
def test_what_reaches_the_weights_through_a_slot_acts(optimizer: dict[str, Any]) -> None:
    schedule = CYCLE if optimizer is CLONE else {**CYCLE, "weight_decay": None}
    require_optimizer(planned(optimizer, schedule=schedule, groups={"base": HALF_FROZEN}))


@pytest.mark.parametrize("case", EVERYTHING)
def test_a_clone_trains_as_keras_own_at_the_planned_values(tmp_path: Path, case: str) -> None:
    own, events = trainer(tmp_path / "own", planned(CLONE, **EVERYTHING[case]))
    theirs, _ = trainer(tmp_path / "theirs", planned(SGD, **EVERYTHING[case]))
    own.run(), theirs.run()
    for mine, keras_own in zip(weights(own.learner), weights(theirs.learner), strict=True):
        np.testing.assert_allclose(mine, keras_own, rtol=0, atol=1e-3 if case == "float16" else 1e-6)
    made = [event for event in events if isinstance(event, Steps)]
    planned_values = own.plan.schedule.evaluate(np.arange(own.plan.steps))
    for name in ("learning_rate", "momentum", "weight_decay"):
        used = np.concatenate([getattr(event, name) for event in made]).astype(np.float32)
        assert np.array_equal(used, planned_values[name])


@pytest.mark.parametrize("case", range(3))
def test_killed_at_any_step_it_goes_on_to_the_same_bits(tmp_path: Path, case: int) -> None:
    kill_at = int(np.random.default_rng().integers(3 + 8 * case, 11 + 8 * case))
    plan = planned(WALKS, schedule={**CYCLE, "weight_decay": None}, groups={"base": HALF_FROZEN})
    straight, _ = trainer(tmp_path / "straight", plan)
    straight.run()
    with pytest.raises(Killed):
        trainer(tmp_path / "c", plan, kill_at)[0].run()
    checkpoint, _ = newest_checkpoint(tmp_path / "c")
    assert checkpoint is not None
    going, _ = trainer(tmp_path / "c", plan)
    go_on(going, checkpoint)
    going.run()
    wanted, found = state_dict(straight.learner), state_dict(going.learner)
    assert [key for key in wanted if not np.array_equal(wanted[key], found[key])] == [], f"killed at step {kill_at}"
