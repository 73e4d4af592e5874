"""Whether two models can be told apart by what they make of the same examples."""

import math
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
LEVEL = 0.05
"""Largest p-value at which two models are told apart."""
_ERRORS = 2.0
"""Standard errors that the difference must exceed as well: the interval that is shown must not hold 0."""
_FLIPS = 999
"""Random sign flips of a permutation test."""
_FLIPPED_AT_MOST = 20_000
"""Examples beyond which the sum of the flipped differences is normal to all digits that are told."""
_EXACT_AT_MOST = 1_000_000
"""Examples that differ, up to which McNemar's test is exact."""


class Paired(NamedTuple):
    """The difference of a score between two models, over the same examples."""

    examples: int
    difference: float
    """d̄, the mean over the examples of the second model's score minus the first's."""
    error: float
    """s / √n with the sample's standard deviation s of the differences."""
    p: float
    """Probability of a difference at least as large between models whose scores can be exchanged."""
    test: Literal["McNemar", "sign flips"]

    @property
    def apart(self) -> bool:
        """Whether p is at most 0.05 and the difference larger than two standard errors."""
        return self.p <= LEVEL and abs(self.difference) > _ERRORS * self.error


def paired(first: Array, second: Array) -> Paired:
    """Compare two models by their scores on the same examples.

    Scores that are all 0 or 1, such as whether a decision is right, are compared by McNemar's exact test (McNemar
    1947): of the b + c examples on which the models differ, min(b, c) is binomial with probability one half. Others are
    compared by a permutation test: under the hypothesis every difference may have either sign.

    What is told apart are these two models on examples like these. Whether two recipes differ takes several seeds.

    Args:
        first: scores of the first model, finite, shape ``(n,)``, n ≥ 2.
        second: scores of the second.
    """
    differences = second.astype(np.float64) - first.astype(np.float64)
    mean = float(differences.mean())
    error = float(differences.std(ddof=1) / math.sqrt(len(differences)))
    if _is_binary(first) and _is_binary(second):
        gained, lost = int((differences > 0).sum()), int((differences < 0).sum())
        return Paired(len(first), mean, error, mcnemar(gained, lost), "McNemar")
    return Paired(len(first), mean, error, _sign_flips(differences, mean, error), "sign flips")


def _is_binary(scores: Array) -> bool:
    return bool(((scores == 0) | (scores == 1)).all())


def mcnemar(gained: int, lost: int) -> float:
    """min(1, 2·Σ_{k ≤ min(b, c)} C(b+c, k)·2^−(b+c)), b and c the examples that only one of the models has right."""
    count, few = gained + lost, min(gained, lost)
    if count == 0:
        return 1.0
    if count > _EXACT_AT_MOST:
        return math.erfc(max(abs(gained - lost) - 1, 0) / math.sqrt(2 * count))
    steps = np.arange(1, few + 1, dtype=np.float64)
    logs = np.concatenate([[0.0], np.cumsum(np.log(count - steps + 1) - np.log(steps))]) - count * math.log(2)
    return min(1.0, float(2 * np.exp(logs).sum()))


def _sign_flips(differences: Array, mean: float, error: float) -> float:
    """(1 + number of flips whose sum is at least as far from 0) / (1 + number of flips); the same every time."""
    if not differences.any():
        return 1.0
    if len(differences) > _FLIPPED_AT_MOST:
        return math.erfc(abs(mean) / error / math.sqrt(2))
    generator = np.random.Generator(np.random.Philox(key=len(differences)))
    observed, as_far = abs(differences.sum()), 0
    for rows in np.array_split(np.arange(_FLIPS), max(_FLIPS * len(differences) // (1 << 22), 1)):
        signs = generator.integers(0, 2, (len(rows), len(differences)), dtype=np.int8)
        sums = 2 * (signs @ differences) - differences.sum()
        as_far += int((np.abs(sums) >= observed * (1 - 1e-12)).sum())
    return (1 + as_far) / (1 + _FLIPS)
