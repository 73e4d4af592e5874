"""Numbers that most likely mark a missing value, such as -999 among heights."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from runner.data.tables.columns import Column
from runner.data.tables.table import Table
from runner.workflows.dataset_check.oddity import Oddity
from schemas.table_data import ParquetData, TableData

_FEWEST = 2
"""Rows that have such a number: one alone may be a mistake in writing."""


def placeholders(table: Table, column: Column, data: TableData) -> Iterator[Oddity]:
    """The numbers of nines at the end of a column's range, far from all its other values.

    A negative one is far where no other value is negative, or from half the width of the other values on; a positive
    one from their whole width on, because 999 is also a count.
    """
    values = table.column(column.name)
    there = values[~np.isnan(values)]
    for mark in dict.fromkeys(there[[there.argmin(), there.argmax()]].tolist() if len(there) else ()):
        others = there[there != mark]
        rows = len(there) - len(others)
        if rows >= _FEWEST and len(others) and _is_nines(mark) and _is_far(mark, others):
            shown, low, high = f"{mark:.0f}", others.min(), others.max()
            way = (
                "write null in its place"
                if isinstance(data, ParquetData)
                else f"write `missing_values: ['', NA, '{shown}']`"
            )
            yield Oddity(
                "placeholder",
                f"column {column.name!r} is {shown} in {rows:,} rows, and its other values lie between {low:g} and "
                f"{high:g}; if {shown} marks a missing value, {way}",
                (column.name,),
                rows,
            )


def _is_nines(mark: float) -> bool:
    """Whether it is written with at least two nines and nothing else: ±99, ±999 and so on."""
    text = f"{abs(mark):.0f}"
    return mark == round(mark) and len(text) >= 2 and set(text) == {"9"}


def _is_far(mark: float, others: NDArray[np.float64]) -> bool:
    width, gap = float(np.ptp(others)), float(np.abs(others - mark).min())
    return gap > width if mark > 0 else others.min() >= 0 or gap > width / 2
