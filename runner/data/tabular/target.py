"""What is predicted: classes by their names, numbers, or labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.tables.columns import Column
from runner.data.tables.table import Columns
from runner.data.tabular.error_keys import TARGET
from runner.data.targets import LABEL_CLASSES, label_value
from runner.errors import DataError

_MOST_CLASSES = 1000


@dataclass(frozen=True)
class Target:
    """The target columns.

    Attributes:
        columns: of the table.
        classes: of one column, names in the order of their numbers: numbers by value, words by the alphabet.
        labels: whether each column is a label, 0 or 1. Without classes and labels, columns are numbers.
    """

    columns: tuple[Column, ...]
    classes: tuple[str, ...] = ()
    labels: bool = False
    classes_of: tuple[tuple[str, ...], ...] = ()
    """Of several outputs the classes of each column, none of a number; the values are then numbers, classes or labels
    in float32."""
    label_columns: frozenset[str] = frozenset()
    """Of several outputs the names of the columns that are labels."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of the columns."""
        return tuple(column.name for column in self.columns)

    @property
    def several(self) -> tuple[str, ...]:
        """Names of what is predicted of a row; empty where it is one number or class."""
        return self.names if self.labels or len(self.columns) > 1 else ()

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the values."""
        return np.dtype(np.int32 if self.classes else np.uint8 if self.labels else np.float32)

    def values(self, rows: Columns) -> NDArray[Any]:
        """Of rows that have them all: classes or numbers ``(n,)``, several numbers or labels ``(n, k)``."""
        classes = self.classes_of or (self.classes,) * len(self.columns)
        pairs = zip(self.columns, classes, strict=True)
        found = [self._of(column, names, rows[column.name]) for column, names in pairs]
        return np.stack(found, axis=1) if self.several else found[0]

    def _of(self, column: Column, classes: tuple[str, ...], raw: NDArray[Any]) -> NDArray[Any]:
        if not classes and not self.labels:
            return raw.astype(np.float32)
        is_label = self.labels or column.name in self.label_columns
        place = {word: number for number, word in enumerate(classes)}
        numbers = [label_value(word) if is_label else place[word] for word in column.words]
        found: NDArray[Any] = np.array(numbers, self.dtype)[raw]
        return found


def target_of(columns: tuple[Column, ...], task: str, rows: int, tasks: Mapping[str, str] | None = None) -> Target:
    """The target of a task.

    Args:
        columns: that are predicted.
        task: of the recipe.
        rows: number of rows.
        tasks: for ``multi_output`` the task of each column.

    Raises:
        DataError: a column is not one of classes, labels, or numbers, as the task wants it.
    """
    if task == "classification":
        return Target(columns, _classes(columns[0], rows))
    if task == "multi_label":
        for column in columns:
            _check_label(column)
        return Target(columns, labels=True)
    if task == "multi_output":
        wanted = tasks or {}
        classes = tuple(_classes_for(wanted.get(column.name), column, rows) for column in columns)
        labels = frozenset(column.name for column in columns if wanted.get(column.name) == "multi_label")
        return Target(columns, classes_of=classes, label_columns=labels)
    for column in columns:
        _number(column)
    return Target(columns)


def _classes_for(task: str | None, column: Column, rows: int) -> tuple[str, ...]:
    """The classes of a column that one of several outputs predicts; none of a number."""
    if task == "multi_label":
        _check_label(column)
        return LABEL_CLASSES
    return _classes(column, rows) if task in ("classification", "binary") else _number(column)


def _number(column: Column) -> tuple[()]:
    """No classes, if the column has numbers."""
    if column.type != "number":
        message = f"task is 'regression', and column {column.name!r} is of type {column.type}"
        raise DataError(message, "write `task: classification`, or another target", path=TARGET)
    return ()


def _check_label(column: Column) -> None:
    if column.type not in ("category", "binary"):
        message = f"task is 'multi_label', and column {column.name!r} is of type {column.type}"
        raise DataError(message, "a label is 0 or 1, no or yes, false or true", path=TARGET)
    wrong = [word for word in column.words if label_value(word) is None]
    if wrong:
        some = ", ".join(map(repr, wrong[:4])) + (", …" if len(wrong) > 4 else "")
        raise DataError(
            f"column {column.name!r} is a label, and has the values {some}",
            "a label is 0 or 1, no or yes, false or true",
            path=TARGET,
        )


def _classes(column: Column, rows: int) -> tuple[str, ...]:
    if column.type not in ("category", "binary"):
        message = f"task is 'classification', and column {column.name!r} is of type {column.type}"
        raise DataError(message, "declare it a category, or write `task: regression`", path=TARGET)
    count = len(column.words)
    if count < 2:
        one = f"the only value {column.words[0]!r}" if count else "no value"
        raise DataError(f"column {column.name!r} has {one}; there is nothing to classify", path=TARGET)
    if count > _MOST_CLASSES or (count > 20 and 2 * count > rows):
        raise DataError(
            f"column {column.name!r} has {count:,} different values in {rows:,} rows; these are not classes",
            "write `task: regression` for a number, or another target",
            path=TARGET,
        )
    try:
        return tuple(sorted(column.words, key=lambda word: (float(word), word)))
    except ValueError:
        return tuple(sorted(column.words))
