"""Rows of a stored table by their position."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from runner.data.tables.columns import Column, TableFacts, check_columns

Columns = dict[str, NDArray[Any]]
"""Values by the name of their column, one a row."""


class Table:
    """A table whose rows are read from a mapped file.

    Numbers come as float64, categories as places in ``Column.words``, dates as ``datetime64[us]``, texts and paths as
    ``str``. Where a value is missing stands NaN, −1, NaT or None.

    Args:
        path: of the Arrow file.
        facts: of the table.
    """

    def __init__(self, path: Path, facts: TableFacts) -> None:
        self.facts = facts
        self._columns = {column.name: column for column in facts.columns if column.type != "ignore"}
        reader = pa.ipc.open_file(pa.memory_map(str(path)))
        self._batches = [reader.get_batch(number) for number in range(reader.num_record_batches)]
        self._starts = np.cumsum([0, *(batch.num_rows for batch in self._batches)])

    def __len__(self) -> int:
        return len(self.facts)

    def files_of(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """The place of the file that has each row."""
        return np.searchsorted(np.cumsum(self.facts.rows), positions, side="right")

    def rows(self, start: int, stop: int, names: Iterable[str] | None = None) -> Columns:
        """Rows ``start … stop - 1``, of the named columns or of all."""
        if not 0 <= start <= stop <= len(self):
            raise IndexError(f"rows {start:,} … {stop:,} of a table of {len(self):,}")
        parts = []
        for number in range(self._batch(start), len(self._batches)):
            first = int(self._starts[number])
            if first >= stop:
                break
            begin = max(start - first, 0)
            parts.append(self._batches[number].slice(begin, stop - first - begin))
        return self._opened(parts, names)

    def take(self, positions: NDArray[np.integer[Any]], names: Iterable[str] | None = None) -> Columns:
        """Rows at the positions, in their order."""
        if len(positions) and not (positions.min() >= 0 and positions.max() < len(self)):
            raise IndexError(f"positions {positions.min():,} … {positions.max():,} of a table of {len(self):,}")
        batch = np.searchsorted(self._starts, positions, side="right") - 1
        order = np.argsort(batch, kind="stable")
        parts = []
        for number in np.unique(batch):
            inside = positions[batch == number] - self._starts[number]
            parts.append(self._batches[number].take(pa.array(inside)))
        found = self._opened(parts, names)
        return {name: _back(values, order) for name, values in found.items()}

    def column(self, name: str) -> NDArray[Any]:
        """All values of a column; only its own bytes are read."""
        return self.rows(0, len(self), [name])[name]

    def _batch(self, row: int) -> int:
        return max(int(np.searchsorted(self._starts, row, side="right")) - 1, 0)

    def _opened(self, parts: list[Any], names: Iterable[str] | None) -> Columns:
        wanted = list(self._columns if names is None else names)
        check_columns(wanted, self._columns, self.facts.files[0].path.name)
        return {name: _numpy(self._columns[name], [part.column(name) for part in parts]) for name in wanted}


def _back(values: NDArray[Any], order: NDArray[np.intp]) -> NDArray[Any]:
    """Put what was sorted back into the order that was asked for."""
    result = np.empty_like(values)
    result[order] = values
    return result


def _numpy(column: Column, parts: list[Any]) -> NDArray[Any]:
    whole = pa.chunked_array(parts, type=pa.type_for_alias(column.storage))
    if column.type == "number":
        found: NDArray[Any] = whole.cast(pa.float64()).to_numpy()
    elif column.type in ("category", "binary"):
        found = whole.fill_null(-1).to_numpy()
    else:
        found = whole.to_numpy()
    return found
