"""Metrics of custom code: exact over a whole split, watched like any other, and tried before the run."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn.metrics as sk

from runner.data.examples import Dataset
from runner.data.facts import DataFacts
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.engine.step.evaluation import compile_evaluation
from runner.engine.step.learner import make_learner
from runner.errors import BuildError, OwnCodeFailed
from runner.events import EarlyStopped, EpochEnded, Event
from runner.model.custom_metric import require_metrics
from runner.plan.allow_code import with_code
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from schemas.recipe import Recipe
from tests.engine.problem import BASE, examples

MINE = """
import keras
import tensorflow as tf

class MacroF(keras.metrics.F1Score):  # takes one-hot classes, so that it sees the whole split and no mean of batches
    def __init__(self, classes):
        super().__init__(average="macro")
        self.classes = classes
    def update_state(self, y, p, sample_weight=None):
        super().update_state(tf.one_hot(y, self.classes), p)

def margin(y, p, scale=1.0):
    if tf.reduce_min(y) < 0:  # a condition on a tensor
        return p[:, 0] * 0
    return scale * (tf.gather(p, y, batch_dims=1) - tf.reduce_max(p, axis=-1))

class Two(keras.metrics.Metric):
    def update_state(self, y, p, sample_weight=None): pass
    def result(self): return tf.zeros([2])

def scalar(y, p): return tf.reduce_mean(p)
def broken(y, p): return p + missing
def infinite(y, p): return p[:, 0] / 0
def large_only(y, p):
    tf.debugging.assert_less(tf.shape(y)[0], 9, "too many")
    return p[:, 0]
class Nothing: pass
NUMBER = 3
"""


def planned(folder: Path, *metrics: Any, **training: Any) -> Plan:
    (folder / "mine.py").write_text(MINE)
    recipe = Recipe.model_validate({**BASE, "training": {"epochs": 3, "metrics": [*metrics], **training}})
    return with_code(make_plan(recipe, DataFacts("builtin", "made", "1", 75, 40, 0, (4,), 3, 4)), folder)


def own(target: str, **keys: Any) -> dict[str, Any]:
    return {"kind": "custom", "target": f"mine:{target}", **keys}


def trained(plan: Plan) -> tuple[Trainer, Dataset, list[Event]]:
    generator, events = np.random.default_rng(4), list[Event]()
    data = Dataset(examples(generator, 75), examples(generator, 40), None)
    trainer = Trainer(plan, make_learner(plan, data), data, events.append, StopRequest())
    trainer.run()
    return trainer, data, events


def test_they_are_of_the_whole_split_and_watched_like_any_other(tmp_path: Path) -> None:
    written = own("MacroF", arguments={"classes": 3}), own("margin", arguments={"scale": 2.0}, name="margin_error")
    plan = planned(
        tmp_path,
        "accuracy",
        *written,
        best="val_macro_f",
        early_stopping={"monitor": "val_margin_error", "patience": 1, "restore_best": False},
    )
    assert plan.code is not None
    assert list(plan.code.sources) == ["mine:MacroF", "mine:margin"]
    require_metrics(plan)
    trainer, data, events = trained(plan)
    last = [event for event in events if isinstance(event, EpochEnded)][-1]
    assert data.validation is not None
    y, p = data.validation.y, np.asarray(trainer.learner.model(data.validation.x))
    assert last.metrics["val_macro_f"] == pytest.approx(sk.f1_score(y, p.argmax(axis=1), average="macro"), abs=1e-6)
    assert last.metrics["val_margin_error"] == pytest.approx(2 * (p[range(40), y] - p.max(axis=1)).mean(), abs=1e-6)
    assert [name for name in last.metrics if "m" in name] == ["val_macro_f", "val_margin_error"]  # of no training part
    assert (trainer.state.best.monitor.name, trainer.state.best.monitor.mode) == ("val_macro_f", "max")
    assert trainer.state.stopping is not None
    assert trainer.state.stopping.monitor.mode == "min"
    assert any(isinstance(event, EarlyStopped) for event in events)
    many = examples(np.random.default_rng(8), 16_321)  # more than one call takes, with an uneven rest
    p = np.asarray(trainer.learner.model(many.x))
    found = compile_evaluation(trainer.learner, many, plan.metrics)()
    assert found["macro_f"] == pytest.approx(sk.f1_score(many.y, p.argmax(axis=1), average="macro"), abs=1e-6)
    assert found["margin_error"] == pytest.approx(2 * (p[range(16_321), many.y] - p.max(axis=1)).mean(), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("scalar", r"mine:scalar must give one value per example, of the shape \(8,\); received the shape \(\)"),
        ("broken", "metric broken: mine:broken: NameError"),
        ("infinite", "mine:infinite must be finite; received inf"),
        ("Two", r"must give one number as its result; received the shape \(2,\)"),
        ("Nothing", "must be a class of keras.metrics.Metric; received Nothing"),
        ("NUMBER", "must be a function or a class; received a int"),
        ("margins", "did you mean 'margin'"),
    ],
)
def test_what_is_no_metric_is_told_at_its_target_before_the_run(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(BuildError, match=says) as raised:
        require_metrics(planned(tmp_path, "accuracy", own(name, name="wrong" if name == "NUMBER" else None)))
    assert (raised.value.code, raised.value.place) == ("R207", ("training", "metrics", 1, "target"))


def test_what_fails_in_the_run_ends_it_with_the_metrics_name(tmp_path: Path) -> None:
    plan = planned(tmp_path, own("large_only"))
    require_metrics(plan)
    with pytest.raises(OwnCodeFailed, match=r"metric large_only: mine:large_only: .*too many"):
        trained(plan)
