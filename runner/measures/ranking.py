"""Exact areas under curves, from the ranks of all scores."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_SIGN = np.uint32(1 << 31)


class Groups(NamedTuple):
    """Counts of examples with the same score, from the highest score down."""

    scores: Array
    positive: NDArray[np.int64]
    all: NDArray[np.int64]


def grouped(positive: Array, scores: Array) -> Groups | None:
    """Tied scores as one group each; None where a score is not a number, or all examples are of one kind.

    Scores are compared in float32. Each is put before its example's kind in one integer, as integers of one array are
    sorted several times faster than places, and in half the memory.
    """
    if not len(scores) or np.isnan(scores).any() or positive.all() or not positive.any():
        return None
    bits = (scores.astype(np.float32) + np.float32(0)).view(np.uint32)  # + 0: of -0.0 and 0.0 there is one
    keys = np.where(bits & _SIGN, ~bits, bits | _SIGN).astype(np.uint64)  # ordered as the numbers are
    keys = (keys << np.uint64(1)) | positive.astype(np.uint64)
    keys.sort()
    keys = keys[::-1]
    ends = np.flatnonzero(np.append(keys[1:] >> np.uint64(1) != keys[:-1] >> np.uint64(1), True))
    hits_so_far = np.cumsum(keys & np.uint64(1), dtype=np.int64)[ends]
    bits = (keys[ends] >> np.uint64(1)).astype(np.uint32)
    distinct = np.where(bits & _SIGN, bits & ~_SIGN, ~bits).view(np.float32)
    return Groups(distinct, np.diff(hits_so_far, prepend=0), np.diff(ends + 1, prepend=0))


def roc_auc(positive: Array, scores: Array) -> float:
    """Area under the ROC curve: the share of pairs, one positive and one negative, in which the positive has more.

    AUC = (Σ_g p_g · (below_g + n_g / 2)) / (P · N), over groups g of tied scores with p_g positives, n_g negatives and
    below_g negatives in lower groups: a tie counts one half. Exact: the sum is one of integers (Mann and Whitney 1947).

    Args:
        positive: whether each example is of the class, boolean, shape ``(n,)``.
        scores: shape ``(n,)``.

    Returns:
        A number from 0 to 1; NaN without positives, without negatives, or with a score that is NaN.
    """
    groups = grouped(positive, scores)
    if groups is None:
        return math.nan
    negative = groups.all - groups.positive
    total = int(negative.sum())
    below = total - np.cumsum(negative)
    doubled = int(np.sum(groups.positive * (2 * below + negative)))
    return doubled / (2 * int(groups.positive.sum()) * total)


def average_precision(positive: Array, scores: Array) -> float:
    """Area under the curve of precision over recall, as steps: AP = Σ_k (R_k − R_{k−1}) · P_k.

    P_k and R_k are precision and recall at the k-th highest distinct score. Without interpolation, which would be too
    optimistic, as scikit-learn's ``average_precision_score``.

    Args:
        positive: whether each example is of the class, boolean, shape ``(n,)``.
        scores: shape ``(n,)``.

    Returns:
        A number from 0 to 1; NaN as for :func:`roc_auc`.
    """
    groups = grouped(positive, scores)
    if groups is None:
        return math.nan
    precision = np.cumsum(groups.positive) / np.cumsum(groups.all)
    return float(np.sum(groups.positive * precision) / groups.positive.sum())
