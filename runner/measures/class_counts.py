"""Figures of each class, and errors of predicted numbers, summed up batch by batch."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


class ClassFigures(NamedTuple):
    """How well one class was recognised."""

    number: int
    name: str
    precision: float
    """Share of the examples decided for the class that are of it; 0 where there are none."""
    recall: float
    """Share of the class's examples that were decided for it; 0 where there are none."""
    f1: float
    """2 · precision · recall / (precision + recall); 0 where both are 0."""
    support: int
    """Examples of the class."""


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


@dataclass
class Confusion:
    """Counts of decisions, of true classes and of where they agree; each of shape ``(classes,)``."""

    right: Counts
    decided: Counts
    support: Counts
    labels: bool = False
    """Whether they are of labels, of which an example has any number."""

    @classmethod
    def of(cls, classes: int, *, labels: bool = False) -> "Confusion":
        """Nothing counted yet."""
        right, decided, support = (np.zeros(classes, np.int64) for _ in range(3))
        return cls(right, decided, support, labels)

    def add(self, truth: NDArray[Any], decisions: Counts) -> None:
        """Count a batch: classes of shape ``(b,)``, or labels of shape ``(b, k)``, each 0 or 1."""
        if truth.ndim == 2:
            there, found = truth > 0, decisions > 0
            for count, of in ((self.right, there & found), (self.decided, found), (self.support, there)):
                count += of.sum(axis=0)
            return
        size = len(self.right)
        self.right += np.bincount(truth[truth == decisions], minlength=size)
        self.decided += np.bincount(decisions, minlength=size)
        self.support += np.bincount(truth, minlength=size)

    def mean(self, figure: str, average: str) -> float:
        """Precision, recall or F1 over all classes, as scikit-learn has them with ``zero_division=0``.

        Args:
            figure: ``precision``, ``recall`` or ``f1``.
            average: ``binary``: of class 1 alone. ``macro``: the plain mean over the classes, without those that no
                example is of or was decided for, or over all labels. ``weighted``: by the examples of each. ``micro``:
                of all decisions together, which is the accuracy where every example has one class and one decision.
        """
        if average == "micro":
            right, decided, support = (int(count.sum()) for count in (self.right, self.decided, self.support))
            whole = {"precision": decided, "recall": support, "f1": (decided + support) / 2}
            return _ratio(right, whole[figure])
        values = np.array([getattr(row, figure) for row in self.figures([""] * len(self.right))])
        if average == "binary":
            return float(values[1])
        weights = self.support if average == "weighted" else (self.support + self.decided > 0) | self.labels
        return float(np.average(values, weights=weights)) if weights.any() else 0.0

    def balanced_accuracy(self) -> float:
        """Mean of the recalls of the classes that have examples."""
        some = self.support > 0
        return float(np.mean(self.right[some] / self.support[some]))

    def cohen_kappa(self) -> float:
        """κ = (p_o − p_e) / (1 − p_e): agreement beyond that by chance, from −1 to 1.

        p_o is the accuracy, p_e = Σ_c decided_c · support_c / n². NaN where all examples and decisions are one class.
        """
        n = float(self.support.sum())
        by_chance = float((self.decided / n) @ (self.support / n))
        return (float(self.right.sum()) / n - by_chance) / (1 - by_chance) if by_chance != 1 else math.nan

    def figures(self, names: Sequence[str]) -> list[ClassFigures]:
        """Precision, recall, F1 and support of every class, as scikit-learn has them with ``zero_division=0``."""
        rows = []
        for number, name in enumerate(names):
            right, decided, support = (int(c[number]) for c in (self.right, self.decided, self.support))
            f1 = _ratio(2 * right, decided + support)
            rows.append(ClassFigures(number, name, _ratio(right, decided), _ratio(right, support), f1, support))
        return rows


@dataclass
class Errors:
    """Sums over examples, from which the errors of predicted numbers follow."""

    count: int = 0
    absolute: float = 0.0
    squared: float = 0.0
    _mean: float = 0.0
    _spread: float = 0.0

    def add(self, truth: NDArray[Any], predicted: NDArray[Any]) -> None:
        """Add a batch; the targets' spread is merged part by part (Chan, Golub and LeVeque 1979)."""
        truth, predicted = truth.astype(np.float64), predicted.astype(np.float64)
        error = predicted - truth
        self.absolute += float(np.abs(error).sum())
        self.squared += float((error**2).sum())
        total, shift = self.count + len(truth), float(truth.mean()) - self._mean
        self._spread += float(((truth - truth.mean()) ** 2).sum()) + shift**2 * self.count * len(truth) / total
        self._mean += shift * len(truth) / total
        self.count = total

    def figures(self) -> dict[str, float]:
        """Mean absolute error, root of the mean squared error, and R² = 1 − Σ error² / Σ (y − ȳ)².

        R² of targets that are all the same is not a number.
        """
        return {
            "mean_absolute_error": self.absolute / self.count,
            "root_mean_squared_error": math.sqrt(self.squared / self.count),
            "r2": 1 - self.squared / self._spread if self._spread else math.nan,
        }


class ErrorsOfEach:
    """The errors of each of several targets; of all together the means over the targets, as scikit-learn has them.

    Args:
        targets: how many numbers are predicted of an example.
    """

    def __init__(self, targets: int = 1) -> None:
        self.of = tuple(Errors() for _ in range(targets))

    def add(self, truth: NDArray[Any], predicted: NDArray[Any]) -> None:
        """Add a batch: targets ``(b,)`` or ``(b, k)``, predictions ``(b, k)``."""
        truth = truth.reshape(predicted.shape)
        for k, errors in enumerate(self.of):
            errors.add(truth[:, k], predicted[:, k])

    def figures(self) -> dict[str, float]:
        """As those of one target."""
        each = [errors.figures() for errors in self.of]
        return {name: float(np.mean([figures[name] for figures in each])) for name in each[0]}
