"""Linear baselines against scikit-learn."""

from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.preprocessing import StandardScaler

from runner.measures.linear import least_squares, logistic

DRAW = np.random.default_rng(0)
X = DRAW.normal(size=(300, 6)) * [1, 100, 0.01, 1, 1, 1] + [0, 5000, 0, 0, 0, 7]
X[:, 3] = 4.0  # never varies
CLEAN = (X - X.mean(axis=0)) / np.where(X.std(axis=0) > 0, X.std(axis=0), 1)


def logits(model: LogisticRegression, x: Any) -> Any:
    return model.decision_function(StandardScaler().fit_transform(x))


def test_a_softmax_over_classes_is_that_of_scikit_learn() -> None:
    y = (CLEAN @ DRAW.normal(size=(6, 3)) + DRAW.normal(size=(300, 3))).argmax(axis=1)
    wanted = LogisticRegression(C=1, max_iter=1000, tol=1e-8).fit(StandardScaler().fit_transform(X), y)
    found = logistic(X, y, 3).scores(X)
    wanted_scores = logits(wanted, X)
    apart = found - found.mean(axis=1, keepdims=True) - (wanted_scores - wanted_scores.mean(axis=1, keepdims=True))
    assert np.abs(apart).max() < 0.05
    assert (found.argmax(axis=1) == wanted_scores.argmax(axis=1)).mean() > 0.99


def test_labels_are_each_told_by_a_sigmoid() -> None:
    y = (CLEAN @ DRAW.normal(size=(6, 2)) + DRAW.normal(size=(300, 2)) > 0.4).astype(np.uint8)
    found = logistic(X, y, None).scores(X)
    for k in range(2):
        wanted = LogisticRegression(C=1, max_iter=1000, tol=1e-8).fit(StandardScaler().fit_transform(X), y[:, k])
        assert np.abs(found[:, k] - logits(wanted, X)).max() < 0.05


@pytest.mark.parametrize("targets", [1, 2])
def test_numbers_are_told_by_least_squares(targets: int) -> None:
    y = CLEAN @ DRAW.normal(size=(6, targets)) * 50 + 1000 + DRAW.normal(size=(300, targets))
    wanted = LinearRegression().fit(X, y).predict(X)
    found = least_squares(X, y[:, 0] if targets == 1 else y).scores(X)
    np.testing.assert_allclose(found, wanted, atol=2.0)  # a ridge of 1/n moves numbers of a hundred by so much
    assert np.sqrt(((found - wanted) ** 2).mean()) < 0.5


def test_features_that_repeat_others_do_no_harm() -> None:
    twice = np.concatenate([X, X], axis=1)
    y = CLEAN[:, 0] * 3 + 1
    assert np.abs(least_squares(twice, y).scores(twice)[:, 0] - y).max() < 0.05
    assert (logistic(twice, (y > 1).astype(int), 2).scores(twice).argmax(axis=1) == (y > 1)).mean() > 0.97
