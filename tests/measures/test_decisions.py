"""The threshold that decides best, against trying all of them."""

import math

import numpy as np
import pytest
import sklearn.metrics as sk

from runner.measures.decisions import best_threshold, cut, decisions


@pytest.mark.parametrize("levels", [3, 10, 10**6])
@pytest.mark.parametrize(("figure", "score"), [("f1", sk.f1_score), ("balanced_accuracy", sk.balanced_accuracy_score)])
def test_no_other_threshold_is_better(figure: str, score: object, levels: int) -> None:
    assert callable(score)
    rng = np.random.default_rng(levels)
    for _ in range(20):
        truth = rng.random(30) < 0.3
        truth[:2] = [True, False]
        p = ((rng.integers(1, levels, 30) / levels + 0.3 * truth) / 1.3).astype(np.float32)
        found = best_threshold(truth, p, figure)
        every = [score(truth, p > t) for t in [0.0, *np.unique(p)[:-1]]]
        assert score(truth, p > np.float32(found)) == pytest.approx(max(every))


def test_of_equal_cuts_the_one_nearest_to_one_half_is_taken_and_lies_in_the_middle() -> None:
    truth, p = np.array([False, False, True, True]), np.float32([0.1, 0.2, 0.6, 0.9])
    assert best_threshold(truth, p, "f1") == pytest.approx(0.4)
    assert best_threshold(np.array([True, True, False]), np.float32([0.3, 0.3, 0.3]), "f1") == pytest.approx(0.15)


def test_neighbouring_numbers_are_still_divided() -> None:
    low = np.float32(0.7)
    p = np.array([low, np.nextafter(low, np.float32(1))])
    assert (p > np.float32(best_threshold(np.array([False, True]), p, "f1"))).tolist() == [False, True]


def test_without_both_classes_it_is_one_half() -> None:
    assert best_threshold(np.array([True, True]), np.float32([0.2, 0.4]), "f1") == 0.5
    assert best_threshold(np.array([True, False]), np.float32([np.nan, 0.4]), "f1") == 0.5


def test_a_logit_is_cut_where_its_probability_is() -> None:
    assert cut(None, logits=True) == 0
    assert cut(0.8, logits=False) == 0.8
    assert cut(0.0, logits=True) == -math.inf
    outputs = np.float32([[1.3], [1.5]])
    assert decisions(outputs, above=cut(0.8, logits=True)).tolist() == [0, 1]
