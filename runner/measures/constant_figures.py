"""Figures of one answer to all examples.

Targets are gone through a part at a time, so that any number of them takes little memory.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.measures.constant_answers import ANSWERS
from runner.measures.exact_median import medians

Array = NDArray[Any]
Targets = Callable[[], Iterator[Array]]
"""All targets, a part at a time, whenever it is called: classes or numbers ``(n,)``, several or labels ``(n, k)``."""


def majority(train: Targets, *, labels: bool) -> Array:
    """The most frequent class, the first of equals; of labels for each what is more frequent."""
    if labels:
        found = [(part.sum(axis=0, dtype=np.int64), len(part)) for part in train()]
        return np.asarray(2 * sum(count for count, _ in found) > sum(n for _, n in found))
    return np.asarray(unigram(train).argmax())


def unigram(train: Targets) -> Array:
    """How often each class or token occurs, int64."""
    counts = np.zeros(0, np.int64)
    for part in train():
        here = np.bincount(part.reshape(-1), minlength=len(counts))
        here[: len(counts)] += counts
        counts = here
    return counts


def perplexity(held: Targets, counts: Array) -> float:
    """exp(−(1/M)·Σ ln((count + 1) / (N + V))) over M tokens: the counts with 1 added, so that none is impossible.

    V are all tokens of both parts together, and N is the sum of the counts (Laplace 1814).
    """
    found = unigram(held)
    size = max(len(found), len(counts))
    found, counts = (np.pad(each, (0, size - len(each))) for each in (found, counts))
    return float(np.exp(-(found @ np.log((counts + 1) / (counts.sum() + size))) / found.sum()))


def mean(train: Targets) -> Array:
    """Of numbers, in float64."""
    return _mean_of(train, lambda part: part.astype(np.float64))


def median(train: Targets) -> Array:
    """Of float32 numbers, exactly: the mean of the two in the middle where their number is even."""
    return medians(train)


def accuracy(held: Targets, answer: Array) -> float:
    """Share of the classes or labels that are the answer."""
    return float(_mean_of(held, lambda part: part == answer).mean())


def mean_absolute_error(held: Targets, answer: Array) -> float:
    """Σ |y − answer| / n, of several numbers the mean over them."""
    return float(_mean_of(held, lambda part: np.abs(part.astype(np.float64) - answer)).mean())


def mean_squared_error(held: Targets, answer: Array) -> float:
    """Σ (y − answer)² / n, likewise."""
    return float(_squares(held, answer).mean())


def root_mean_squared_error(held: Targets, answer: Array) -> float:
    """√(Σ (y − answer)² / n), of several numbers the mean of their roots, as scikit-learn has it."""
    return float(np.sqrt(_squares(held, answer)).mean())


def _squares(held: Targets, answer: Array) -> Array:
    return _mean_of(held, lambda part: (part.astype(np.float64) - answer) ** 2)


def _mean_of(targets: Targets, values: Callable[[Array], Array]) -> Array:
    """Mean over the examples of what is made of each part."""
    sums = [(values(part).sum(axis=0, dtype=np.float64), len(part)) for part in targets()]
    return np.asarray(sum(total for total, _ in sums) / sum(n for _, n in sums))


FIGURES: Mapping[str, Callable[[Targets, Array], float]] = {
    "accuracy": accuracy,
    "mean_absolute_error": mean_absolute_error,
    "mean_squared_error": mean_squared_error,
    "root_mean_squared_error": root_mean_squared_error,
    "perplexity": perplexity,
}
"""By metric: of targets and what is said of each of them."""


def constant_figure(metric: str, train: Targets, held: Targets, *, labels: bool = False) -> float | None:
    """A metric of the one answer that is best by it on the training targets; None: there is none for the metric.

    Args:
        metric: by the language's name.
        train: targets from which the answer comes.
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
        case "unigram":
            answer = unigram(train)
        case _:
            return None
    return FIGURES[metric](held, answer)
