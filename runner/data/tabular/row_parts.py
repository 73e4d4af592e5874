"""Which rows of a table train, validate and test."""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.splits.by_column import by_hash, by_time, by_words, ways_to_train
from runner.data.splits.folds import fold_of
from runner.data.splits.groups import by_group
from runner.data.splits.shares import Indices, Parts, by_share, stratified
from runner.data.tables.columns import Column
from runner.data.tables.table import Table
from runner.data.tabular.error_keys import SPLIT_COLUMN, SPLITS, reported_at
from runner.errors import DataError
from schemas.table_data import TableSplits

NAMES = ("train", "validation", "test")


def divided(table: Table, rows: Indices, splits: TableSplits, classes: NDArray[Any] | None, seed: int) -> Parts:
    """Positions of the rows of each part, rising.

    Args:
        table: that has the rows.
        rows: that are used, rising.
        splits: of the recipe.
        classes: of these rows; None: the target is a number.
        seed: the recipe's.

    Raises:
        DataError: the rows cannot be divided so.
    """
    with reported_at(SPLITS if splits.by in ("share", "file") else SPLIT_COLUMN):
        found = _divided(table, rows, splits, classes, seed)
        if splits.fold is not None:
            groups = table.take(rows, [splits.column])[splits.column] if splits.column is not None else None
            found = fold_of(found, splits.fold, seed, None if groups is not None else classes, groups)
        if "train" not in found:
            words = (
                table.facts.column(splits.column).words if splits.by == "column" and splits.column is not None else ()
            )
            raise DataError("no row trains", *ways_to_train(splits.column or "", words))
    return {name: rows[found[name]] for name in NAMES if name in found}


def _divided(table: Table, rows: Indices, splits: TableSplits, classes: NDArray[Any] | None, seed: int) -> Parts:
    shares = {name: getattr(splits, name).value / 100 for name in NAMES if getattr(splits, name).value > 0}
    if splits.by == "share":
        return by_share(len(rows), shares, seed) if classes is None else stratified(classes, shares, seed)
    if splits.by == "file":
        return by_words(_said_by_files(table, rows, splits), splits.words)
    assert splits.column is not None
    column, values = table.facts.column(splits.column), table.take(rows, [splits.column])[splits.column]
    if splits.by == "column":
        return by_words([column.words[code] if code >= 0 else None for code in values], splits.words)
    _check_all_there(values, rows, splits)
    match splits.by:
        case "time":
            _check_times(column)
            return by_time(values, shares)
        case "group":
            return by_group(values, shares, seed)
        case "id":
            ids: list[object] = [column.words[code] for code in values] if column.words else values.tolist()
            return by_hash(ids, shares, seed)


def _said_by_files(table: Table, rows: Indices, splits: TableSplits) -> list[str | None]:
    """The word of a part for each row: how the name of its file begins, or that of its folder."""
    known = {word.lower(): word for name in NAMES for word in splits.words.of(name)}
    said = []
    for file in table.facts.files:
        begins = re.split(r"[-_.]", file.path.name.lower())[0]
        word = known.get(begins) or known.get(file.path.parent.name.lower())
        if word is None:
            raise DataError(
                f"{file.path.parent.name}/{file.path.name} names no part: neither the beginning of its name nor its "
                f"folder is one of {', '.join(known.values())}",
                "rename it, or map its word: words: {train: [" + begins + "]}",
            )
        said.append(word)
    return [said[file] for file in table.files_of(rows)]


def _check_times(column: Column) -> None:
    if column.type not in ("date", "number"):
        raise DataError(
            f"rows are divided by time, and column {column.name!r} is of type {column.type}",
            f"give its format: columns: {{{column.name}: {{type: date, format: '%d.%m.%Y'}}}}",
        )


def _check_all_there(values: NDArray[Any], rows: Indices, splits: TableSplits) -> None:
    absent = _absent(values)
    if absent.any():
        row = int(rows[int(np.argmax(absent))]) + 1
        raise DataError(
            f"row {row:,} has no {splits.column!r}", f"rows are divided by {splits.by}, which all of them need"
        )


def _absent(values: NDArray[Any]) -> NDArray[np.bool_]:
    if values.dtype.kind in "fMO":
        return np.array(values != values if values.dtype.kind != "O" else [value is None for value in values], bool)
    return np.array(values < 0, bool)
