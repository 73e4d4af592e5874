"""Two models on the same examples: what chance gives is not called a difference, and a difference is found."""

import numpy as np
import pytest
from scipy.stats import binomtest

from runner.measures.paired import Paired, mcnemar, paired


@pytest.mark.parametrize(("gained", "lost"), [(0, 0), (1, 0), (5, 1), (12, 30), (25, 25), (700, 600)])
def test_mcnemar_is_the_binomial_test_of_scipy(gained: int, lost: int) -> None:
    wanted = binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    assert mcnemar(gained, lost) == pytest.approx(min(wanted, 1.0))


def test_mcnemar_of_many_is_nearly_the_exact_one() -> None:
    assert mcnemar(600_000, 601_500) == pytest.approx(binomtest(600_000, 1_201_500).pvalue, rel=1e-3)


def alike(kind: str, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Scores of two models that are equally good: examples are hard or easy for both, and luck differs."""
    hardness = generator.normal(size=200)
    first, second = hardness[:, None].T + generator.normal(scale=0.7, size=(2, 200))
    if kind == "decisions":
        return (first < 1.2).astype(np.float64), (second < 1.2).astype(np.float64)
    return np.exp(first), np.exp(second)  # losses have long tails


@pytest.mark.parametrize("kind", ["decisions", "losses"])
def test_models_that_are_alike_are_told_apart_in_at_most_5_of_100_pairs(kind: str) -> None:
    generator = np.random.default_rng(20261127)
    alarms = sum(paired(*alike(kind, generator)).apart for _ in range(1000))
    assert 5 <= alarms <= 50  # none at all would be a test that sees nothing


@pytest.mark.parametrize("kind", ["decisions", "losses"])
def test_a_better_model_is_told_apart(kind: str) -> None:
    generator = np.random.default_rng(1)
    found = 0
    for _ in range(50):
        first, second = alike(kind, generator)
        worse = first * (generator.random(200) > 0.15) if kind == "decisions" else first * 1.5
        result = paired(worse, second) if kind == "decisions" else paired(second, worse)
        found += result.apart and result.difference > 0
    assert found >= 45


def test_the_difference_is_of_the_second_and_has_its_error() -> None:
    first, second = np.array([0.0, 1.0, 2.0, 0.5]), np.array([1.0, 1.5, 2.5, 0.5])
    found = paired(first, second)
    differences = second - first
    assert found == Paired(4, 0.5, differences.std(ddof=1) / 2, found.p, "sign flips")
    assert found.p == paired(first, second).p
    assert paired(second, first)[1] == -0.5


def test_equal_scores_are_not_told_apart() -> None:
    for same in (np.ones(10), np.linspace(0, 1, 10)):
        assert paired(same, same).p == 1.0
        assert not paired(same, same).apart


def test_many_examples_have_the_normal_p_value() -> None:
    generator = np.random.default_rng(2)
    first = generator.normal(size=20_000)
    second = first + generator.normal(loc=0.012, size=20_000)
    few, many = paired(first, second), paired(np.append(first, 0.0), np.append(second, 0.0))
    assert many.p == pytest.approx(few.p, abs=0.03)
