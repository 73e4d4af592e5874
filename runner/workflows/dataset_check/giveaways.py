"""Inputs that tell the target alone: often the target itself in other words, or what is known only after it."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.workflows.dataset_check.oddity import Oddity
from runner.workflows.dataset_check.scanned import Scan

_BINS = 32
_FEWEST = 40
"""Rows below which nothing is said."""
_TELLING = 0.98
"""Share of the baseline's errors, or of the variance, that one input takes away."""

Array = NDArray[Any]


def giveaways(train: Scan, names: Sequence[str], classes: int | None) -> Iterator[Oddity]:
    """Columns that give the target away, by intervals of their values or, a number, by a straight line.

    What at most 32 intervals, or up to 32 values themselves, say is learnt on every other row and measured on the rest.

    Args:
        train: of the training part, with rows.
        names: of the inputs.
        classes: number of classes; None for numbers.
    """
    if train.rows is None or len(train.rows) < _FEWEST or train.targets.ndim > 1:
        return
    targets = train.targets[: len(train.rows)]
    for column, name in enumerate(names):
        told = _told(train.rows[:, column], targets, classes)
        if told >= _TELLING:
            what = "of the errors of always the most frequent class" if classes is not None else "of the variance"
            yield Oddity("giveaway", f"{name!r} alone predicts the target: it takes away {told:.1%} {what}", (name,))


def _told(values: Array, targets: Array, classes: int | None) -> float:
    bins = _binned(values)
    learn, judge = slice(0, None, 2), slice(1, None, 2)
    if classes is not None:
        counts = np.zeros((bins.max() + 1, classes), np.int64)
        np.add.at(counts, (bins[learn], targets[learn]), 1)
        base = (targets[judge] != np.bincount(targets[learn], minlength=classes).argmax()).mean()
        wrong = (targets[judge] != counts.argmax(axis=1)[bins[judge]]).mean()
        return float(1 - wrong / base) if base > 0 else 0.0
    sums, sizes = (np.bincount(bins[learn], weights, bins.max() + 1) for weights in (targets[learn], None))
    means = np.where(sizes > 0, sums / np.maximum(sizes, 1), targets[learn].mean())
    spread = ((targets[judge] - targets[learn].mean()) ** 2).mean()
    left = ((targets[judge] - means[bins[judge]]) ** 2).mean()
    return max(float(1 - left / spread), _straight(values, targets)) if spread > 0 else 0.0


def _straight(values: Array, targets: Array) -> float:
    """r², the share of the variance that a straight line explains; 0 where values are missing or all the same."""
    if np.isnan(values).any() or values.std() == 0:
        return 0.0
    return float(np.corrcoef(values.astype(np.float64), targets.astype(np.float64))[0, 1] ** 2)


def _binned(values: Array) -> Array:
    """Number of each value's interval; missing values have one of their own."""
    known = ~np.isnan(values.astype(np.float64))
    distinct = np.unique(values[known])
    if len(distinct) > _BINS:
        distinct = np.unique(np.quantile(values[known], np.linspace(0, 1, _BINS + 1)[:-1]))
    bins = np.searchsorted(distinct, values, side="right")
    return np.where(known, bins, len(distinct) + 1)
