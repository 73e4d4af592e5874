"""All scores of a split, for metrics that need their ranks."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def bytes_per_example(classes: int) -> int:
    """What a split's scores take in memory, with the copies that sorting makes."""
    columns = 1 if classes <= 2 else classes
    return 4 * columns + 4 + 64


@dataclass
class Scores:
    """Scores in float32 and true classes of every example: of class 1 where there are two, else of each class."""

    classes: int
    labels: bool = False
    """Whether they are of labels, each 0 or 1."""
    _scores: list[Array] = field(default_factory=list)
    _truth: list[Array] = field(default_factory=list)

    def add(self, truth: Array, scores: Array) -> None:
        """Keep a batch.

        Args:
            truth: classes, shape ``(b,)``, or labels, shape ``(b, labels)``.
            scores: shape ``(b, classes)``, or ``(b, 1)`` for class 1 of two.
        """
        kept = scores[:, -1:] if self.classes <= 2 and not self.labels else scores
        self._scores.append(kept.astype(np.float32))
        self._truth.append(truth.astype(np.int32))

    def area(self, of_one: Callable[[Array, Array], float]) -> float:
        """Area of class 1 against class 0, or the mean of each class against all others, or of each label.

        A class without examples, or without others, has no area and does not count; nor does a label.

        Args:
            of_one: area of one class from whether each example is of it, and the scores.
        """
        areas = self.each(of_one)
        if len(areas) == 1:
            return areas[0]
        known = [area for area in areas if not math.isnan(area)]
        undefined = any(np.isnan(scores).any() for scores in self._scores)
        return float(np.mean(known)) if known and not undefined else math.nan

    def each(self, of_one: Callable[[Array, Array], float]) -> tuple[float, ...]:
        """A figure of class 1 against class 0, or of each class against all others, or of each label.

        Args:
            of_one: figure of one class from whether each example is of it, and the scores.
        """
        truth, scores = np.concatenate(self._truth), np.concatenate(self._scores)
        if self.classes <= 2 and not self.labels:
            return (of_one(truth == 1, scores[:, 0]),)
        return tuple(
            of_one(truth[:, number] == 1 if self.labels else truth == number, scores[:, number])
            for number in range(self.classes)
        )
