"""What is suggested trains, and ten times as much does worse: on digits, within seconds."""

from pathlib import Path

import pytest

from runner.data.access import DataAccess
from runner.data.examples import Dataset
from runner.data.facts import builtin_facts
from runner.data.load import load_data
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.engine.step.learner import make_learner
from runner.errors import Diverged
from runner.lr_find.range_test import Range, default_steps, find
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from schemas.data import BuiltinData
from schemas.recipe import Recipe

EPOCHS = 5


def plan_with(schedule: dict[str, object]) -> Plan:
    data = {"source": "builtin", "name": "digits", "scale": 1 / 16, "batch_size": 32}
    layers = [{"kind": "flatten"}, {"kind": "dense", "units": 64, "activation": "relu", "dropout": 0.1}]
    recipe = Recipe.model_validate(
        {
            "recipe": 1,
            "name": "digits",
            "task": "classification",
            "seed": 1,
            "data": data,
            "model": {"kind": "sequential", "layers": layers},
            "optimizer": {"kind": "sgd", "momentum": 0.9},
            "schedule": schedule,
            "training": {"epochs": EPOCHS},
        }
    )
    assert isinstance(recipe.data, BuiltinData)
    return make_plan(recipe, builtin_facts(recipe.data))


def validation_loss(plan: Plan, dataset: Dataset) -> float:
    """After training; infinite when it diverges."""
    try:
        outcome = Trainer(plan, make_learner(plan, dataset), dataset, lambda event: None, StopRequest()).run()
    except Diverged:
        return float("inf")
    return outcome.metrics["val_loss"]


@pytest.mark.parametrize(("kind", "key"), [("constant", "learning_rate"), ("1cycle", "max_lr")])
def test_training_at_the_suggestion_is_sound_and_at_ten_times_it_is_worse(kind: str, key: str) -> None:
    plan = plan_with({"kind": kind, key: 1e-3})
    dataset = load_data(plan, DataAccess(Path()))
    found = find(plan, dataset, Range(1e-6, 10.0, default_steps(plan)), 2)
    assert found.suggestion is not None
    there = validation_loss(plan_with({"kind": kind, key: found.suggestion}), dataset)
    beyond = validation_loss(plan_with({"kind": kind, key: found.suggestion * 10}), dataset)
    below = validation_loss(plan_with({"kind": kind, key: found.suggestion / 100}), dataset)
    assert there < 0.35
    assert there < beyond
    assert there < below
