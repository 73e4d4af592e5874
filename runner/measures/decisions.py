"""What a model's outputs decide for, and which threshold decides best."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.measures.ranking import grouped

Array = NDArray[Any]
Threshold = float | tuple[float, ...]
"""Probability above which an output means class 1 or that its label is there; of several labels one for each."""
Thresholds = Threshold | Mapping[str, Threshold]
"""The same of a whole model: of several outputs by the names of those that have one."""


def cut(threshold: Threshold | None, *, logits: bool) -> float | NDArray[np.float32]:
    """The output above which a single one means class 1: a probability, or its logit; None: one half.

    Of labels with a threshold for each, shape ``(labels,)``.
    """
    if isinstance(threshold, tuple):
        return np.array([cut(one, logits=logits) for one in threshold], np.float32)
    if threshold is None:
        return 0.0 if logits else 0.5
    if not logits:
        return threshold
    return math.log(threshold / (1 - threshold)) if threshold > 0 else -math.inf


def of_each_output(thresholds: Thresholds | None) -> Mapping[str, Threshold]:
    """Thresholds of several outputs by name; none of a model of one output."""
    return thresholds if isinstance(thresholds, Mapping) else {}


def of_one_output(thresholds: Thresholds | None) -> Threshold | None:
    """The threshold of a model of one output; None: one half."""
    return None if isinstance(thresholds, Mapping) else thresholds


def decisions(outputs: Array, *, above: float | Array, labels: bool = False) -> NDArray[np.int64]:
    """Class of each example, shape ``(b,)``: the largest output, or whether a single one is above a bound.

    Args:
        outputs: shape ``(b, units)``.
        above: from :func:`cut`.
        labels: whether each output is of a label of its own; then 1 for each that is above the bound, ``(b, units)``.
    """
    if labels:
        return np.asarray(outputs > np.asarray(above, np.float32), np.int64)
    if outputs.shape[1] == 1:
        return np.asarray(outputs[:, 0] > np.float32(above), np.int64)
    return np.asarray(outputs.argmax(axis=1), np.int64)


def probabilities(outputs: Array, *, logits: bool, labels: bool = False) -> NDArray[np.float64]:
    """Outputs as probabilities in float64, of the same shape; of labels each for itself."""
    values = outputs.astype(np.float64)
    if not logits:
        return values
    if values.shape[1] == 1 or labels:
        return np.asarray(np.exp(-np.logaddexp(0, -values)))
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def of_each_class(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities ``(b, classes)``; a single one p becomes 1 − p and p."""
    return np.concatenate([1 - values, values], axis=1) if values.shape[1] == 1 else values


def best_threshold(positive: Array, scores: Array, figure: str) -> float:
    """The probability above which examples are best decided to be of class 1.

    All cuts between two distinct scores are tried, and the one below all scores. Of cuts that are equally good it is
    the one nearest to one half; it lies in the middle between its two scores.

    Args:
        positive: whether each example is of class 1, boolean, shape ``(n,)``.
        scores: probabilities in float32, shape ``(n,)``.
        figure: ``f1``, or ``balanced_accuracy``, which is highest where sensitivity + specificity is.

    Returns:
        A number from 0 to below 1; 0.5 where the examples are of one class, or a score is no number.
    """
    groups = grouped(positive, scores)
    if groups is None:
        return 0.5
    right, decided = np.cumsum(groups.positive), np.cumsum(groups.all)
    total, rest = right[-1], decided[-1] - right[-1]
    f1, balanced = 2 * right / (decided + total), (right / total + 1 - (decided - right) / rest) / 2
    values = f1 if figure == "f1" else balanced
    upper = groups.scores.astype(np.float64)
    lower = np.append(upper[1:], 0.0)
    middle = ((upper + lower) / 2).astype(np.float32)
    middle = np.where(middle < groups.scores, middle, lower.astype(np.float32))  # rounding must not pass a score
    best = np.flatnonzero(values == values.max())
    return float(middle[best[np.argmin(np.abs(middle[best] - 0.5))]])
