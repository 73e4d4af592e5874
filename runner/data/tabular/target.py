"""What is predicted: classes by their names, or a number."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.tables.columns import Column
from runner.data.tabular.error_keys import TARGET
from runner.errors import DataError

_MOST_CLASSES = 1000


@dataclass(frozen=True)
class Target:
    """The target column.

    Attributes:
        column: of the table.
        classes: names in the order of their numbers: numbers by value, words by the alphabet; empty: a number.
    """

    column: Column
    classes: tuple[str, ...]

    def values(self, raw: NDArray[Any]) -> NDArray[Any]:
        """int32 classes or float32 numbers of values that are all there."""
        if not self.classes:
            return raw.astype(np.float32)
        place = {word: number for number, word in enumerate(self.classes)}
        table = np.array([place[word] for word in self.column.words], np.int32)
        found: NDArray[Any] = table[raw]
        return found


def target_of(column: Column, task: str, rows: int) -> Target:
    """The target of a task.

    Raises:
        DataError: the column is not one of classes, or of numbers, as the task wants it.
    """
    if task == "classification":
        return Target(column, _classes(column, rows))
    if column.type != "number":
        message = f"task is 'regression', and column {column.name!r} is of type {column.type}"
        raise DataError(message, "write `task: classification`, or another target", path=TARGET)
    return Target(column, ())


def _classes(column: Column, rows: int) -> tuple[str, ...]:
    if column.type not in ("category", "binary"):
        message = f"task is 'classification', and column {column.name!r} is of type {column.type}"
        raise DataError(message, "declare it a category, or write `task: regression`", path=TARGET)
    count = len(column.words)
    if count < 2:
        one = f"the only value {column.words[0]!r}" if count else "no value"
        raise DataError(f"column {column.name!r} has {one}; there is nothing to tell apart", path=TARGET)
    if count > _MOST_CLASSES or (count > 20 and 2 * count > rows):
        raise DataError(
            f"column {column.name!r} has {count:,} different values in {rows:,} rows; these are no classes",
            "write `task: regression` for a number, or another target",
            path=TARGET,
        )
    try:
        return tuple(sorted(column.words, key=lambda word: (float(word), word)))
    except ValueError:
        return tuple(sorted(column.words))
