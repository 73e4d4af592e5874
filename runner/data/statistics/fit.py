"""What is learnt of a table's columns, in one pass over its training part."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.statistics.categories import WordCounts
from runner.data.statistics.number_treatment import FittedNumber, NumberTreatment, fit_number
from runner.data.statistics.numeric import NumberStatistics
from runner.data.statistics.word_treatment import FittedWords, WordTreatment, fit_words
from runner.data.tables.table import Columns, Table
from runner.errors import DataError

Indices = NDArray[np.int64]
Treatments = Mapping[str, NumberTreatment | WordTreatment]
Fitted = dict[str, FittedNumber | FittedWords]

_BLOCK = 1 << 16
_WORDS = ("category", "binary")


def kept_positions(table: Table, positions: Indices, treatments: Treatments) -> Indices:
    """The positions without rows that lack a value which is to be there (``missing: drop``).

    Args:
        table: that has the rows.
        positions: of rows.
        treatments: of columns.
    """
    names = [name for name, treatment in treatments.items() if treatment.missing == "drop"]
    if not names:
        return positions
    kept = [np.logical_and.reduce([_there(rows[name]) for name in names]) for rows in _blocks(table, positions, names)]
    return positions[np.concatenate(kept)] if kept else positions


def fit_columns(table: Table, train: Indices, treatments: Treatments) -> Fitted:
    """Learn the treatments of columns from the training part alone.

    Args:
        table: that has the rows.
        train: positions of the training part.
        treatments: of columns, by their names.

    Raises:
        DataError: a treatment does not suit its column, or there is nothing to learn from.
    """
    seen = {name: _statistics(table, name, treatment) for name, treatment in treatments.items()}
    for rows in _blocks(table, kept_positions(table, train, treatments), list(treatments)):
        for name, found in seen.items():
            found.add(rows[name])
    return {name: _fitted(name, seen[name], treatment) for name, treatment in treatments.items()}


def features(rows: Columns, fitted: Fitted, words: Mapping[str, Sequence[str]]) -> Columns:
    """What reaches the model of some rows, by column.

    Args:
        rows: values of the columns.
        fitted: what was learnt.
        words: of category columns, as the table lists them.
    """
    return {
        name: learnt.apply(rows[name]) if isinstance(learnt, FittedNumber) else learnt.apply(rows[name], words[name])
        for name, learnt in fitted.items()
    }


def _blocks(table: Table, positions: Indices, names: list[str]) -> Iterator[Columns]:
    for start in range(0, len(positions), _BLOCK):
        yield table.take(positions[start : start + _BLOCK], names)


def _there(values: NDArray[Any]) -> NDArray[np.bool_]:
    return ~np.isnan(values) if values.dtype.kind == "f" else values >= 0


def _statistics(table: Table, name: str, treatment: NumberTreatment | WordTreatment) -> NumberStatistics | WordCounts:
    column = table.facts.column(name)
    suits = column.type == "number" if isinstance(treatment, NumberTreatment) else column.type in _WORDS
    if not suits:
        wanted = "numbers" if isinstance(treatment, NumberTreatment) else "words"
        raise DataError(f"column {name!r} is of type {column.type}; its treatment is one of {wanted}")
    return NumberStatistics(treatment.ranked) if isinstance(treatment, NumberTreatment) else WordCounts(column.words)


def _fitted(
    name: str, found: NumberStatistics | WordCounts, treatment: NumberTreatment | WordTreatment
) -> FittedNumber | FittedWords:
    if isinstance(found, NumberStatistics):
        assert isinstance(treatment, NumberTreatment)
        return fit_number(name, found, treatment)
    assert isinstance(treatment, WordTreatment)
    return fit_words(name, found, treatment)
