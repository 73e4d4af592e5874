"""Metrics of whole splits in training: exact, in validation alone, whatever the data is read from and runs on."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sklearn.metrics as sk

from runner.data.examples import Dataset, Examples
from runner.data.sources.builtin import streamed
from runner.engine.step import evaluation
from runner.engine.step.evaluation import compile_evaluation
from runner.engine.step.learner import make_learner
from runner.events import EpochEnded, Evaluated
from runner.plan.make_plan import make_plan
from runner.plan.monitor import monitor
from schemas.recipe import Recipe
from tests.engine.problem import BASE, Problem, examples
from tests.engine.test_streaming import WHERE, Make

METRICS = ["accuracy", "f1", "top_2_accuracy", "auc", "f1_weighted", "cohen_kappa", "calibration_error"]
TRAINING = {"epochs": 2, "metrics": METRICS}


def of_sklearn(problem: Problem, split: Examples) -> dict[str, float]:
    p = np.asarray(problem.learner.model(split.x))
    p = p if not problem.plan.logits else np.exp(p) / np.exp(p).sum(axis=1, keepdims=True)
    decided = p.argmax(axis=1)
    return {
        "accuracy": sk.accuracy_score(split.y, decided),
        "f1": sk.f1_score(split.y, decided, average="macro"),
        "top_2_accuracy": sk.top_k_accuracy_score(split.y, p, k=2, labels=[0, 1, 2]),
        "auc": float(np.mean([sk.roc_auc_score(split.y == c, p[:, c]) for c in range(3)])),
        "f1_weighted": sk.f1_score(split.y, decided, average="weighted"),
        "cohen_kappa": sk.cohen_kappa_score(split.y, decided),
    }


@pytest.mark.parametrize("logits", [False, True], ids=["probabilities", "logits"])
def test_figures_of_an_epoch_are_of_the_whole_split(problem: Make, logits: bool) -> None:
    model = {"kind": "sequential", "layers": [{"kind": "dense", "units": 5}], "output": {"logits": logits}}
    case = problem(training=TRAINING, model=model)
    case.train()
    last = [event for event in case.events if isinstance(event, EpochEnded)][-1].metrics
    assert case.dataset.validation is not None
    wanted = of_sklearn(case, case.dataset.validation)
    assert {name: last[f"val_{name}"] for name in wanted} == pytest.approx(wanted, abs=1e-6)
    assert list(last) == ["loss", "accuracy", "top_2_accuracy", "val_loss", *(f"val_{name}" for name in METRICS)]
    assert tuple(last) == case.plan.monitors


def test_many_batches_streams_and_parts_side_by_side_give_the_same(problem: Make) -> None:
    """More examples than one call takes, with an uneven rest."""
    case = problem(training=TRAINING)
    split = examples(np.random.default_rng(8), 16_321)
    found = compile_evaluation(case.learner, split, METRICS)()
    read = compile_evaluation(case.learner, streamed(split, WHERE), METRICS)()
    wanted = of_sklearn(case, split)
    assert {name: found[name] for name in wanted} == pytest.approx(wanted, abs=1e-6)
    assert read == pytest.approx(found, rel=1e-6)
    assert list(found) == ["loss", *METRICS]


def test_a_whole_metric_chooses_the_best_and_drives_the_plateau(problem: Make) -> None:
    case = problem(
        training={"epochs": 6, "metrics": ["auc"], "early_stopping": {"monitor": "val_auc", "patience": 3}},
        schedule={"kind": "plateau", "learning_rate": 0.3, "monitor": "val_auc", "patience": 1},
    )
    assert monitor("val_auc").mode == monitor("val_r2").mode == "max"
    assert monitor("val_calibration_error").mode == monitor("val_mean_absolute_percentage_error").mode == "min"
    trainer = case.trainer()
    trainer.run()
    history = [event.metrics["val_auc"] for event in case.events if isinstance(event, EpochEnded)]
    best = trainer.state.best
    assert best.value == max(history)
    assert best.epoch == history.index(max(history))


def test_averaged_weights_and_evaluations_within_epochs(problem: Make) -> None:
    case = problem(training={**TRAINING, "ema": {"decay": 0.5}, "accumulate": 2, "validation": {"every": "4 steps"}})
    case.train()
    within = [event for event in case.events if isinstance(event, Evaluated)]
    assert within
    assert all(f"val_{name}" in event.metrics for event in within for name in METRICS)
    last = [event for event in case.events if isinstance(event, EpochEnded)][-1].metrics
    assert case.learner.average is not None
    assert case.dataset.validation is not None
    case.learner.average.adopt()
    wanted = of_sklearn(case, case.dataset.validation)
    assert {name: last[f"val_{name}"] for name in wanted} == pytest.approx(wanted, abs=1e-6)


def test_a_given_threshold_decides_in_training_too(problem: Make) -> None:
    case = problem()
    model = {"kind": "sequential", "layers": [], "output": {"units": 1, "logits": True}}
    training = {"epochs": 1, "threshold": 0.3, "metrics": ["accuracy", "recall", "auc"]}
    recipe = Recipe.model_validate({**BASE, "model": model, "training": training})
    plan = make_plan(recipe, replace(case.plan.data, classes=2))
    x = np.random.default_rng(4).normal(size=(300, 4)).astype(np.float32)
    split = Examples(x, (x[:, 0] > 0).astype(np.int32))
    learner = make_learner(plan, Dataset(split, split, None))
    p = 1 / (1 + np.exp(-np.asarray(learner.model(x), np.float64)[:, 0]))
    found = compile_evaluation(learner, split, plan.metrics)()
    assert found["accuracy"] == pytest.approx(sk.accuracy_score(split.y, p > 0.3))
    assert found["recall"] == pytest.approx(sk.recall_score(split.y, p > 0.3))
    assert found["recall"] > sk.recall_score(split.y, p > 0.5)


def test_numbers_have_theirs(problem: Make) -> None:
    names: list[Any] = ["root_mean_squared_error", "r2", "mean_absolute_percentage_error", "mean_squared_error"]
    case = problem(training={"epochs": 1, "metrics": names[:1]}, model={"kind": "sequential", "layers": []})
    facts = replace(case.plan.data, classes=None)
    recipe = case.plan.recipe.model_copy(update={"task": "regression"})
    recipe = recipe.model_copy(update={"training": recipe.training.model_copy(update={"metrics": tuple(names)})})
    plan = make_plan(recipe, facts)
    x = np.random.default_rng(4).normal(size=(1500, 4)).astype(np.float32)
    split = Examples(x, (x @ np.float32([1, 2, 0, -1]) + 3).astype(np.float32))
    learner = make_learner(plan, Dataset(split, split, None))
    found = compile_evaluation(learner, split, plan.metrics)()
    y, p = split.y.astype(np.float64), np.asarray(learner.model(x), np.float64)[:, 0]
    assert found["root_mean_squared_error"] == pytest.approx(sk.root_mean_squared_error(y, p), rel=1e-6)
    assert found["root_mean_squared_error"] == pytest.approx(found["mean_squared_error"] ** 0.5, rel=1e-5)
    assert found["r2"] == pytest.approx(sk.r2_score(y, p), abs=1e-6)
    wanted = sk.mean_absolute_percentage_error(y, p)
    assert found["mean_absolute_percentage_error"] == pytest.approx(wanted, rel=1e-5)
    assert plan.running == ("mean_absolute_percentage_error", "mean_squared_error")


@pytest.mark.parametrize("way", ["in memory", "read"])
@pytest.mark.parametrize("names", [("accuracy",), ("accuracy", "f1")])
def test_outputs_are_told_in_the_split_s_order_and_change_no_figure(
    problem: Any, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], way: str
) -> None:
    """Also where a split takes several calls: 75 examples in batches of 8, two batches a call."""
    monkeypatch.setattr(evaluation, "BATCH", 8)
    monkeypatch.setattr(evaluation, "_BATCHES", 2)
    case = problem(training={"epochs": 1, "metrics": list(names)})
    split = case.dataset.train if way == "in memory" else streamed(case.dataset.train, WHERE)
    told: list[tuple[Any, Any]] = []
    found = compile_evaluation(case.learner, split, names, lambda y, outputs: told.append((y, outputs)))()
    assert found == pytest.approx(compile_evaluation(case.learner, split, names)(), rel=1e-6)
    targets, outputs = (np.concatenate(each) for each in zip(*told, strict=True))
    np.testing.assert_array_equal(targets, case.dataset.train.y)
    wanted = np.asarray(case.learner.model(case.dataset.train.x.astype(np.float32), training=False))
    np.testing.assert_allclose(outputs, wanted, atol=1e-6)
