"""Figures of one answer to all examples."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.measures.constant_answers import ANSWERS

Array = NDArray[Any]


def majority(train: Array, *, labels: bool) -> Array:
    """The most frequent class of ``(n,)``, the first of equals; of labels ``(n, k)`` for each what is more frequent."""
    if labels:
        return np.asarray(train.mean(axis=0) > 0.5)
    return np.asarray(np.bincount(train.reshape(-1)).argmax())


def mean(train: Array) -> Array:
    """Of numbers ``(n,)`` or ``(n, k)``, in float64."""
    return np.asarray(train.mean(axis=0, dtype=np.float64))


def median(train: Array) -> Array:
    """Likewise."""
    return np.asarray(np.median(train.astype(np.float64), axis=0))


def accuracy(held: Array, answer: Array) -> float:
    """Share of the classes or labels that are the answer."""
    return float((held == answer).mean())


def mean_absolute_error(held: Array, answer: Array) -> float:
    """Σ |y − answer| / n, of several numbers the mean over them."""
    return float(np.abs(held.astype(np.float64) - answer).mean())


def mean_squared_error(held: Array, answer: Array) -> float:
    """Σ (y − answer)² / n, likewise."""
    return float(((held.astype(np.float64) - answer) ** 2).mean())


def root_mean_squared_error(held: Array, answer: Array) -> float:
    """√(Σ (y − answer)² / n), of several numbers the mean of their roots, as scikit-learn has it."""
    return float(np.sqrt(((held.astype(np.float64) - answer) ** 2).mean(axis=0)).mean())


_FIGURES: Mapping[str, Callable[[Array, Array], float]] = {
    "accuracy": accuracy,
    "mean_absolute_error": mean_absolute_error,
    "mean_squared_error": mean_squared_error,
    "root_mean_squared_error": root_mean_squared_error,
}


def constant_figure(metric: str, train: Array, held: Array, *, labels: bool = False) -> float | None:
    """A metric of the one answer that is best by it on the training targets; None: there is none for the metric.

    Args:
        metric: by the language's name.
        train: targets from which the answer comes: classes or numbers ``(n,)``, several numbers or labels ``(n, k)``.
        held: targets that it is held to.
        labels: whether the targets are labels, each 0 or 1.
    """
    match ANSWERS.get(metric):
        case "majority":
            answer = majority(train, labels=labels)
        case "median":
            answer = median(train)
        case "mean":
            answer = mean(train)
        case _:
            return None
    return _FIGURES[metric](held, answer)
