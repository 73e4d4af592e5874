"""One answer to all examples: by scikit-learn's dummy models, and in words."""

from typing import Any

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn.dummy import DummyClassifier, DummyRegressor

from runner.measures.constant_answers import answer_of, meanings_of, of_last_part
from runner.measures.constant_figures import Targets, constant_figure
from runner.measures.exact_median import medians

_DRAW = np.random.default_rng(5)
CLASSES = _DRAW.choice(4, (2, 90), p=[0.2, 0.1, 0.6, 0.1])
NUMBERS = _DRAW.exponential(size=(2, 80, 3)) * [1, 5, 30]
ERRORS = {
    "mean_absolute_error": ("median", sklearn.metrics.mean_absolute_error),
    "mean_squared_error": ("mean", sklearn.metrics.mean_squared_error),
    "root_mean_squared_error": ("mean", sklearn.metrics.root_mean_squared_error),
}


def in_parts(targets: NDArray[Any]) -> Targets:
    """As a stream gives them."""
    return lambda: (targets[k : k + 7] for k in range(0, len(targets), 7))


@given(
    values=arrays(np.float32, st.tuples(st.integers(1, 40), st.integers(1, 70)),
                  elements=st.floats(width=32, allow_nan=False, allow_infinity=False)),
)  # fmt: skip
@settings(max_examples=25)
def test_medians_are_exact_whatever_the_numbers(values: NDArray[np.float32]) -> None:
    np.testing.assert_array_equal(medians(in_parts(values)), np.median(values.astype(np.float64), axis=0))
    assert medians(in_parts(values[:, 0])) == np.median(values[:, 0].astype(np.float64))


def test_the_most_frequent_class_is_that_of_a_dummy_classifier() -> None:
    train, held = CLASSES
    dummy = DummyClassifier(strategy="most_frequent").fit(np.zeros((90, 1)), train)
    assert constant_figure("accuracy", in_parts(train), in_parts(held)) == dummy.score(np.zeros((90, 1)), held)
    labels = np.array([[1, 0], [1, 0], [0, 1], [1, 0]], np.uint8)
    of_labels = np.array([[1, 1], [0, 0]], np.uint8)
    assert constant_figure("accuracy", in_parts(labels), in_parts(of_labels), labels=True) == 0.5
    assert constant_figure("f1_macro", in_parts(train), in_parts(held)) is None


@pytest.mark.parametrize("metric", ERRORS)
@pytest.mark.parametrize("several", [False, True])
def test_numbers_have_the_answer_that_is_best_by_the_metric(metric: str, several: bool) -> None:
    strategy, error = ERRORS[metric]
    train, held = NUMBERS.astype(np.float32) if several else NUMBERS[..., 2].astype(np.float32)
    dummy = DummyRegressor(strategy=strategy).fit(np.zeros((80, 1)), train.astype(np.float64))
    wanted = error(held.astype(np.float64), dummy.predict(np.zeros((80, 1))))
    assert constant_figure(metric, in_parts(train), in_parts(held)) == pytest.approx(wanted, rel=1e-12)


def test_a_figure_says_by_its_name_what_answer_is_behind_it() -> None:
    found = {"val_accuracy": 0.2, "test_accuracy": 0.1, "test_price_root_mean_squared_error": 3.0}
    assert of_last_part(found) == {"test_accuracy": 0.1, "test_price_root_mean_squared_error": 3.0}
    assert of_last_part({"val_accuracy": 0.2}) == {"val_accuracy": 0.2}
    assert meanings_of(found) == "always the most frequent answer and always the mean"
    assert answer_of("test_price_mean_absolute_error") == "median"
    assert answer_of("test_sort_loss") is None
