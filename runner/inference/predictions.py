"""A model's outputs as rows: class by name with its probability, or the predicted number."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.errors import InputError
from runner.inference.standalone import decide, labels_of
from runner.measures.decisions import Threshold

Cell = str | float | None
Row = tuple[Cell, ...]
Array = NDArray[Any]
Inputs = Array | Mapping[str, Array]
"""An array, or the columns of a table."""


@dataclass(frozen=True)
class Outputs:
    """What a model makes of a batch."""

    values: Array
    """With dropout off, shape ``(b, units)``."""
    mean: Array | None = None
    """Over the samples with dropout on, of the same shape; None: nothing was sampled."""
    deviation: Array | None = None
    """Standard deviation of the samples, ``√(Σ (x − mean)² / N)``."""

    def without(self, rows: Array | None) -> "Outputs":
        """The same with NaN for some rows, shape ``(b,)``, of which nothing is predicted; None: for none."""
        if rows is None or not rows.any():
            return self
        blank = rows[:, None]
        mean, deviation = (None if v is None else np.where(blank, np.nan, v) for v in (self.mean, self.deviation))
        return Outputs(np.where(blank, np.nan, self.values), mean, deviation)

    def of_columns(self, own: slice) -> "Outputs":
        """Those of some of the model's columns."""
        mean, deviation = (None if v is None else v[:, own] for v in (self.mean, self.deviation))
        return Outputs(self.values[:, own], mean, deviation)


Predict = Callable[[Inputs], Outputs]
Cells = tuple[tuple[str, bool], ...]
"""Of a row but its id: the name of each cell, and whether it holds text."""


class Table(ABC):
    """Predictions as rows."""

    @property
    @abstractmethod
    def cells(self) -> Cells:
        """Those after the id."""

    @abstractmethod
    def rows(self, ids: Sequence[str], outputs: Outputs) -> Iterator[Row]:
        """A row for each example: its id, and the cells."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the cells of a row, the id's first, each once: a target that is called ``id`` becomes ``id_2``."""
        taken = ["id"]
        for name, _ in self.cells:
            taken.append(next(one for one in chain([name], (f"{name}_{k}" for k in count(2))) if one not in taken))
        return tuple(taken)

    @property
    def texts(self) -> frozenset[str]:
        """Columns that hold text; all others hold numbers."""
        words = (True, *(word for _, word in self.cells))
        return frozenset(name for name, word in zip(self.columns, words, strict=True) if word)


@dataclass(frozen=True)
class Wording(Table):
    """How outputs are told."""

    names: tuple[str, ...]
    """Of the classes; empty for a regression."""
    units: int
    """Outputs of the model."""
    threshold: Threshold | None = None
    """One output: above which it means class 1 (None: 0.5). More: below which no class is decided for (None: 0)."""
    top: int = 0
    """How many of the most probable classes have columns of their own."""
    spread: bool = False
    """Whether there are columns for the mean and the standard deviation of samples."""
    targets: tuple[str, ...] = ()
    """Names of several predicted numbers or of labels; empty for classes, and for one number."""
    labels: bool = False
    """Whether these are labels: the threshold is that above which one is there, or one for each (None: 0.5)."""

    def __post_init__(self) -> None:
        if not self.names and self.top:
            raise InputError(
                f"--top-k is for classes, and this run {'has labels' if self.labels else 'is a regression'}"
            )
        if not self.names and not self.labels and self.threshold is not None:
            raise InputError("--threshold is for classes and labels, and this run is a regression")
        if self.top > len(self.names):
            raise InputError(f"--top-k: must be at most the number of classes, {len(self.names)}; received {self.top}")
        if self.threshold is not None and not isinstance(self.threshold, tuple) and not 0 <= self.threshold <= 1:
            raise InputError(f"--threshold: must be from 0 to 1; received {self.threshold}")

    @property
    def cells(self) -> Cells:
        """Labels with their probabilities, several numbers, one, or a class; and what is asked besides."""
        spread = ("mean", "std") if self.spread else ()
        if self.targets:
            each = (f"{what}_{name}" for what in spread for name in self.targets)
            numbers = tuple((name, False) for name in (*self.targets, *each))
            return (("labels", True), *numbers) if self.labels else numbers
        if not self.names:
            return (("value", False), *((name, False) for name in spread))
        top = [(f"{name}_{k}", name == "class") for k in range(1, self.top + 1) for name in ("class", "probability")]
        return (("class", True), ("probability", False), *top, *((name, False) for name in spread))

    def rows(self, ids: Sequence[str], outputs: Outputs) -> Iterator[Row]:
        """A row for each example."""
        if self.targets:
            yield from self._several(ids, outputs)
            return
        if not self.names:
            yield from self._numbers(ids, outputs)
            return
        probabilities = each_class(outputs.values)
        bound = self.threshold
        assert not isinstance(bound, tuple)
        decided = decide(outputs.values, bound if self.units == 1 else None)
        order = np.argsort(-probabilities, axis=1, kind="stable")[:, : self.top]
        mean = each_class(outputs.mean) if outputs.mean is not None else None
        for i, name in enumerate(ids):
            number = int(decided[i])
            chosen = probabilities[i, number]
            known = bool(np.isfinite(probabilities[i]).all())
            undecided = not known or (self.units > 1 and bound is not None and chosen < bound)
            top = [
                cell for c in order[i] for cell in (self.names[c] if known else None, number_of(probabilities[i, c]))
            ]
            spread = self._spread(mean, outputs.deviation, i, number)
            yield (name, None if undecided else self.names[number], number_of(chosen), *top, *spread)

    def _numbers(self, ids: Sequence[str], outputs: Outputs) -> Iterator[Row]:
        for i, name in enumerate(ids):
            yield (name, number_of(outputs.values[i, 0]), *self._spread(outputs.mean, outputs.deviation, i, 0))

    def _several(self, ids: Sequence[str], outputs: Outputs) -> Iterator[Row]:
        """Each number, or the labels that are there and the probability of each; then means and deviations."""
        there = labels_of(outputs.values, self.threshold)
        parts = [outputs.values, *(part for part in (outputs.mean, outputs.deviation) if part is not None)]
        for i, name in enumerate(ids):
            known = bool(np.isfinite(outputs.values[i]).all())
            said = "; ".join(label for label, found in zip(self.targets, there[i], strict=True) if found)
            first = ((said if known else None),) if self.labels else ()
            yield (name, *first, *(number_of(np.float32(value)) for part in parts for value in part[i]))

    def _spread(self, mean: Array | None, deviation: Array | None, row: int, number: int) -> tuple[float | None, ...]:
        """Mean and deviation of the decided class's probability, or of the number.

        A single output and its complement deviate by the same amount.
        """
        if mean is None or deviation is None:
            return ()
        column = number if deviation.shape[1] > 1 else 0
        return number_of(np.float32(mean[row, number])), number_of(np.float32(deviation[row, column]))


def each_class(outputs: Array) -> Array:
    """Probabilities ``(b, classes)``; a single output p becomes 1 − p and p."""
    return np.concatenate([1 - outputs, outputs], axis=1) if outputs.shape[1] == 1 else outputs


def number_of(value: Any) -> float | None:
    """A float32 in its shortest form; None for what is not a finite number."""
    return float(str(value)) if math.isfinite(value) else None
