"""Every metric of a whole split against scikit-learn's, from batches of any size."""

import math
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest
import sklearn.metrics as sk
from numpy.typing import NDArray

from runner.measures.ranking import average_precision, roc_auc
from runner.measures.split_measures import Measuring
from schemas.metrics import Metric, facts_of, fits, is_whole

Array = NDArray[Any]
WHOLE = {task: [name for name in get_args(Metric) if is_whole(name) and facts_of(name).task == task]
         for task in ("classification", "regression")}  # fmt: skip


def measured(truth: Array, outputs: Array, classes: int | None, *, logits: bool = False, size: int = 7) -> Any:
    names = tuple(WHOLE["regression" if classes is None else "classification"])
    measures = Measuring(names, classes, logits).start()
    for start in range(0, len(truth), size):
        measures.add(truth[start : start + size], outputs[start : start + size])
    return measures.values()


def calibration_error(confidence: Array, right: Array) -> float:
    """As in Guo et al. 2017, bin by bin."""
    total = 0.0
    for k in range(15):
        inside = (confidence > k / 15) & (confidence <= (k + 1) / 15)
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return total


def oracle(truth: Array, decided: Array, p: Array) -> dict[str, float]:
    """What scikit-learn says, of probabilities ``(n, classes)``."""
    binary = p.shape[1] == 2
    wanted = {
        "balanced_accuracy": sk.balanced_accuracy_score(truth, decided),
        "cohen_kappa": sk.cohen_kappa_score(truth, decided),
        "calibration_error": calibration_error(p.max(axis=1), decided == truth),
    }
    scorers: dict[str, Callable[..., float]] = {
        "precision": sk.precision_score, "recall": sk.recall_score, "f1": sk.f1_score
    }  # fmt: skip
    for name, scorer in scorers.items():
        wanted[name] = scorer(truth, decided, average="binary" if binary else "macro", zero_division=0)
        for average in ("macro", "micro", "weighted"):
            wanted[f"{name}_{average}"] = scorer(truth, decided, average=average, zero_division=0)
    areas: dict[str, Callable[..., float]] = {"auc": sk.roc_auc_score, "pr_auc": sk.average_precision_score}
    for name, area in areas.items():
        one = [area(truth == c, p[:, c]) for c in range(p.shape[1])]
        wanted[name] = one[1] if binary else float(np.mean(one))
    return wanted


@pytest.mark.parametrize("tied", [False, True], ids=["distinct scores", "tied scores"])
@pytest.mark.parametrize("units", [1, 2, 5])
@pytest.mark.parametrize("logits", [False, True], ids=["probabilities", "logits"])
def test_classification_is_that_of_sklearn(units: int, logits: bool, tied: bool) -> None:
    rng = np.random.default_rng(units)
    classes = max(units, 2)
    truth = rng.integers(0, classes, 400).astype(np.int32)
    raw = rng.normal(size=(400, units)) + (1.2 * np.eye(classes)[truth][:, -units:])
    raw = np.round(raw * 4) / 4 if tied else raw.astype(np.float32).astype(np.float64)
    powers = np.exp(raw - raw.max(axis=1, keepdims=True) * (units > 1))
    p = np.hstack([1 / (1 + powers), powers / (1 + powers)]) if units == 1 else powers / powers.sum(1, keepdims=True)
    outputs = (raw if logits else p[:, -units:]).astype(np.float32)
    decided = (raw[:, 0] > 0).astype(int) if units == 1 else raw.argmax(1)
    found = measured(truth, outputs, classes, logits=logits)
    stored = p.astype(np.float32)  # scores are kept in float32, which may tie what float64 does not
    wanted = oracle(truth, decided, stored.astype(np.float64))
    assert found.keys() == wanted.keys()
    for name, value in wanted.items():
        assert found[name] == pytest.approx(value, abs=1e-6), name


def test_regression_is_that_of_sklearn() -> None:
    rng = np.random.default_rng(3)
    truth = (1000 + rng.normal(size=301)).astype(np.float32)
    outputs = (truth + rng.normal(size=301) * 0.5).astype(np.float32)
    found = measured(truth, outputs[:, None], None)
    assert found["r2"] == pytest.approx(sk.r2_score(truth.astype(float), outputs.astype(float)), abs=1e-6)
    rmse = sk.root_mean_squared_error(truth.astype(float), outputs.astype(float))
    assert found["root_mean_squared_error"] == pytest.approx(rmse, rel=1e-6)


def fed(measuring: Measuring, truth: Array, outputs: Array) -> dict[str, float]:
    measures = measuring.start()
    for start in range(0, len(truth), 7):
        measures.add(truth[start : start + 7], outputs[start : start + 7])
    return measures.values()


def test_several_numbers_are_judged_as_in_sklearn() -> None:
    rng = np.random.default_rng(3)
    truth = (rng.normal(size=(301, 3)) * [1, 100, 0.01]).astype(np.float32)
    outputs = (truth + rng.normal(size=(301, 3)) * [0.5, 2, 0.01]).astype(np.float32)
    found = fed(Measuring(tuple(WHOLE["regression"]), None, targets=3), truth, outputs)
    wanted = {"r2": sk.r2_score, "root_mean_squared_error": sk.root_mean_squared_error}
    for name, score in wanted.items():
        assert found[name] == pytest.approx(score(truth.astype(float), outputs.astype(float)), rel=1e-6)


@pytest.mark.parametrize("logits", [False, True], ids=["probabilities", "logits"])
@pytest.mark.parametrize("labels", [2, 5])
def test_labels_are_judged_as_in_sklearn(labels: int, logits: bool) -> None:
    rng = np.random.default_rng(6)
    truth = (rng.random((203, labels)) < 0.3).astype(np.uint8)
    outputs = (rng.normal(size=(203, labels)) + truth - 0.5).astype(np.float32)
    outputs[:, 0] = -3  # one label is never decided for
    p = outputs if logits else 1 / (1 + np.exp(-outputs))
    names = tuple(name for name in get_args(Metric) if is_whole(name) and fits(name, "multi_label"))
    found = fed(Measuring(names, None, logits, labels, labels=True), truth, p)
    decided, wanted = outputs > 0, {}
    scorers: dict[str, Callable[..., float]] = {
        "precision": sk.precision_score, "recall": sk.recall_score, "f1": sk.f1_score
    }  # fmt: skip
    for name, scorer in scorers.items():
        for average in ("macro", "micro", "weighted"):
            wanted[f"{name}_{average}"] = scorer(truth, decided, average=average, zero_division=0)
        wanted[name] = wanted[f"{name}_macro"]
    wanted |= {"auc": sk.roc_auc_score(truth, p), "pr_auc": sk.average_precision_score(truth, p)}
    assert found == pytest.approx(wanted, abs=1e-9)


def test_batches_change_nothing() -> None:
    rng = np.random.default_rng(5)
    truth, outputs = rng.integers(0, 3, 90).astype(np.int32), rng.dirichlet(np.ones(3), 90).astype(np.float32)
    one, many = (measured(truth, outputs, 3, size=size) for size in (90, 4))
    assert one == pytest.approx(many, rel=1e-12)


def test_a_class_that_is_absent_counts_as_in_sklearn() -> None:
    truth, outputs = np.array([0, 0, 1, 1]), np.eye(4, dtype=np.float32)[[0, 1, 1, 2]]
    found = measured(truth, outputs, 4)
    decided = outputs.argmax(1)
    for name, scorer in (("precision", sk.precision_score), ("f1", sk.f1_score), ("recall", sk.recall_score)):
        assert found[name] == pytest.approx(scorer(truth, decided, average="macro", zero_division=0)), name
    present = [sk.roc_auc_score(truth == c, outputs[:, c]) for c in (0, 1)]
    assert found["auc"] == pytest.approx(np.mean(present))
    assert found["balanced_accuracy"] == pytest.approx(0.5)  # as classes 2 and 3 have no examples


def test_what_is_undefined_is_not_a_number() -> None:
    found = measured(np.zeros(6, np.int32), np.tile(np.float32([[0.7, 0.3]]), (6, 1)), 2)
    assert math.isnan(found["auc"])
    assert math.isnan(found["pr_auc"])
    assert math.isnan(found["cohen_kappa"])
    assert found["f1"] == 0
    assert math.isnan(measured(np.ones(4), np.ones((4, 1)), None)["r2"])
    broken = measured(np.array([0, 1]), np.float32([[np.nan], [0.2]]), 2)
    assert math.isnan(broken["auc"])
    assert math.isnan(broken["calibration_error"])


@pytest.mark.parametrize("n", [2, 3, 10, 1000])
def test_areas_are_exact_however_scores_tie(n: int) -> None:
    rng = np.random.default_rng(n)
    for levels in (1, 2, 5, 10**6):
        scores = (rng.integers(-levels, levels, n) * rng.choice([-1e-3, 1e-3], n)).astype(np.float32)  # some are -0.0
        positive = rng.random(n) < 0.3
        positive[:2] = [True, False]
        assert roc_auc(positive, scores) == pytest.approx(sk.roc_auc_score(positive, scores), abs=1e-12)
        wanted = sk.average_precision_score(positive, scores)
        assert average_precision(positive, scores) == pytest.approx(wanted, abs=1e-12)
