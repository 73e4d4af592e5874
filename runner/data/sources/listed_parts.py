"""Parts of files that a CSV file lists, by one of its columns."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import Array
from runner.data.sources.own_parts import PARTS, divided, shares_of
from runner.data.splits.by_column import by_hash, by_time, by_words, ways_to_train
from runner.data.splits.folds import fold_of
from runner.data.splits.groups import by_group
from runner.data.splits.shares import Indices, Parts
from runner.data.targets import Where
from runner.errors import DataError
from schemas.column_splits import ListedSplits


def listed_parts(
    own: Mapping[str, Indices],
    values: Sequence[str] | None,
    classes: Array | None,
    splits: ListedSplits,
    seed: int,
    where: Where,
) -> Parts:
    """Places of the examples of each part that has any.

    Args:
        own: as :func:`divided` has it, which divides where no column does.
        values: of the column that divides, as they stand in the file; the empty text is a missing one. None: there is
            no such column.
        classes: of each example; None: the target is a number. A fold of groups is not stratified.
        splits: of the recipe.
        seed: the recipe's.
        where: names an example in messages.

    Raises:
        DataError: an example has no value, or the examples cannot be divided so.
    """
    if values is None:
        return divided(own, classes, splits, seed)
    try:
        found = _divided(values, splits, seed, where)
        if splits.fold is not None:
            found = fold_of(found, splits.fold, seed, None, _groups(values))
        if "train" not in found:
            raise DataError("no row trains", *ways_to_train(splits.column or "", sorted({*values} - {""})))
    except DataError as error:
        raise DataError(str(error), *error.help, path=("data", "splits", "column")) from error
    return {part: found[part] for part in PARTS if part in found}


def _divided(values: Sequence[str], splits: ListedSplits, seed: int, where: Where) -> Parts:
    if splits.by == "column":
        return by_words([value or None for value in values], splits.words)
    absent = next((k for k, value in enumerate(values) if not value), None)
    if absent is not None:
        raise DataError(
            f"{where(absent)}: no {splits.column!r}", f"rows are divided by {splits.by}, which all of them need"
        )
    shares = shares_of(splits, PARTS[1:])
    if splits.by == "group":
        return by_group(_groups(values), shares, seed)
    return by_time(_times(values, splits, where), shares) if splits.by == "time" else by_hash(values, shares, seed)


def _groups(values: Sequence[str]) -> NDArray[np.int64]:
    """The number of each value among all that there are, in their order."""
    numbers: NDArray[np.int64] = np.unique(np.array(values, object).astype(str), return_inverse=True)[1]
    return numbers


def _times(values: Sequence[str], splits: ListedSplits, where: Where) -> NDArray[Any]:
    """Numbers where all are, else moments of ISO 8601 in UTC."""
    try:
        return np.array([float(value) for value in values])
    except ValueError:
        return np.array([_moment(value, k, splits, where) for k, value in enumerate(values)], "datetime64[us]")


def _moment(value: str, k: int, splits: ListedSplits, where: Where) -> datetime:
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError as error:
        raise DataError(
            f"{where(k)}: {splits.column!r} is {value!r}, which is neither a number nor a date",
            "write dates as ISO 8601 has them: 2026-11-28, or 2026-11-28 17:15:00",
        ) from error
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
