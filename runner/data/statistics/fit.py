"""What is learnt of a table's columns, in one pass over its training part."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.statistics.categories import WordCounts
from runner.data.statistics.date_treatment import DateStatistics, DateTreatment, FittedDate, fit_date
from runner.data.statistics.image_treatment import FittedImage, ImageTreatment
from runner.data.statistics.number_treatment import FittedNumber, NumberTreatment, fit_number
from runner.data.statistics.numeric import NumberStatistics
from runner.data.statistics.text_treatment import FittedText, TextStatistics, TextTreatment, fit_text
from runner.data.statistics.word_treatment import FittedWords, WordTreatment, fit_words
from runner.data.tables.table import Columns, Table
from runner.errors import DataError

Indices = NDArray[np.int64]
Learning = NumberTreatment | WordTreatment | DateTreatment | TextTreatment
"""Treatments that learn from the values of the training part."""
Treatment = Learning | ImageTreatment
Treatments = Mapping[str, Treatment]
Numeric = FittedNumber | FittedWords | FittedDate | FittedText
"""What becomes numbers of a row, and no pixels."""
Learnt = Numeric | FittedImage
Fitted = dict[str, Learnt]
Statistics = NumberStatistics | WordCounts | DateStatistics | TextStatistics

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
    kept = [np.logical_and.reduce([present(rows[name]) for name in names]) for rows in _blocks(table, positions, names)]
    return positions[np.concatenate(kept)] if kept else positions


def fit_columns(table: Table, train: Indices, treatments: Mapping[str, Learning]) -> dict[str, Numeric]:
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


def features(rows: Columns, fitted: Mapping[str, Numeric], words: Mapping[str, Sequence[str]]) -> Columns:
    """What reaches the model of some rows, by column.

    Args:
        rows: values of the columns.
        fitted: what was learnt.
        words: of category columns, as the table lists them.
    """
    return {name: _features(learnt, rows[name], words.get(name, ())) for name, learnt in fitted.items()}


def _features(learnt: Numeric, values: NDArray[Any], words: Sequence[str]) -> NDArray[Any]:
    match learnt:
        case FittedWords():
            return learnt.apply(values, words)
        case FittedText():
            return learnt.stored(values)
        case _:
            return learnt.apply(values)


def _blocks(table: Table, positions: Indices, names: list[str]) -> Iterator[Columns]:
    for start in range(0, len(positions), _BLOCK):
        yield table.take(positions[start : start + _BLOCK], names)


def present(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where a column has a value."""
    kind = values.dtype.kind
    if kind == "O":
        return np.array([value is not None for value in values], np.bool_)
    there: NDArray[np.bool_] = values >= 0 if kind == "i" else ~(np.isnat(values) if kind == "M" else np.isnan(values))
    return there


def _statistics(table: Table, name: str, treatment: Learning) -> Statistics:
    column = table.facts.column(name)
    match treatment:
        case NumberTreatment():
            suits, wanted = column.type == "number", "numbers"
        case DateTreatment():
            suits, wanted = column.type == "date", "dates"
        case WordTreatment():
            suits, wanted = column.type in _WORDS, "words"
        case TextTreatment():
            suits, wanted = column.type == "text", "texts"
    if not suits:
        raise DataError(f"column {name!r} is of type {column.type}; its treatment is one of {wanted}")
    match treatment:
        case NumberTreatment():
            return NumberStatistics(treatment.ranked)
        case DateTreatment():
            return DateStatistics(treatment)
        case WordTreatment():
            return WordCounts(column.words)
        case TextTreatment():
            return TextStatistics(treatment)


def _fitted(name: str, found: Statistics, treatment: Learning) -> Numeric:
    match found:
        case NumberStatistics():
            assert isinstance(treatment, NumberTreatment)
            return fit_number(name, found, treatment)
        case DateStatistics():
            return fit_date(name, found, found.treatment)
        case TextStatistics():
            return fit_text(name, found, found.treatment)
        case WordCounts():
            assert isinstance(treatment, WordTreatment)
            return fit_words(name, found, treatment)
