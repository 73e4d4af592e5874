"""Parts by what a column says: a name of the part, a time, or an id."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.splits.shares import Parts, check_shares, sizes
from runner.errors import DataError
from schemas.column_splits import PartWords

_LISTED = 10


def by_column(values: Sequence[str | None], parts: Mapping[str, Sequence[str]]) -> Parts:
    """Divide by the words of a column; rows with other words, or none, are in no part.

    Args:
        values: of each row.
        parts: the words of each part.

    Raises:
        DataError: a word stands for two parts, or a part has no row.
    """
    _check_words(parts)
    column = np.array([value if value is not None else "" for value in values], dtype=object)
    there = np.array([value is not None for value in values], bool)
    found = {name: np.flatnonzero(there & np.isin(column, list(words))) for name, words in parts.items()}
    for name, rows in found.items():
        if not len(rows):
            listed = ", ".join(repr(word) for word in sorted(set(column[there]))[:_LISTED])
            wanted = " or ".join(repr(word) for word in parts[name])
            raise DataError(f"part {name!r}: no row has {wanted}; the column has {listed}")
    return found


def by_words(values: Sequence[str | None], words: PartWords) -> Parts:
    """Divide by the words that a recipe names, which must be there; of the usual words, by those that are.

    Args:
        values: of each row.
        words: of the recipe.

    Raises:
        DataError: a word stands for two parts, or a part that the recipe names has no row.
    """
    there, named = set(values), words.model_fields_set
    found = {name: words.of(name) for name in ("train", "validation", "test")}
    return by_column(values, {name: of for name, of in found.items() if name in named or there & set(of)})


def ways_to_train(column: str, words: Sequence[str]) -> list[str]:
    """What a column holds, and how a recipe says which of it trains; nothing where it holds nothing."""
    if not words:
        return []
    held = ", ".join(map(repr, words[:_LISTED])) + (
        f" and {len(words) - _LISTED:,} more" if len(words) > _LISTED else ""
    )
    return [f"column {column!r} holds {held}", f"say which train: `words: {{train: [{words[0]}], …}}`"]


def _check_words(parts: Mapping[str, Sequence[str]]) -> None:
    owner: dict[str, str] = {}
    for name, words in parts.items():
        for word in words:
            if owner.setdefault(word, name) != name:
                raise DataError(f"{word!r} stands for two parts: {owner[word]!r} and {name!r}")


def by_time(times: NDArray[Any], shares: Mapping[str, float]) -> Parts:
    """Divide by time: the first part has the earliest rows. Rows of one moment stay together, in the later part.

    Args:
        times: of each row, numbers or ``datetime64``.
        shares: of the parts in the order of time, at most 1 in sum.

    Raises:
        DataError: a row has no time, or a part gets no row.
    """
    _check_times(times)
    ends = np.cumsum(list(sizes(len(times), shares).values()))
    ordered = np.sort(times)
    bounds = [ordered[end] for end in ends if end < len(ordered)]
    return _between(times, list(shares), bounds)


def _between(times: NDArray[Any], names: Sequence[str], bounds: Sequence[Any]) -> Parts:
    part_of = np.searchsorted(np.array(bounds, times.dtype), times, side="right")
    found = {name: np.flatnonzero(part_of == part) for part, name in enumerate(names)}
    empty = next((name for name, rows in found.items() if not len(rows)), None)
    if empty is not None:
        raise DataError(f"part {empty!r} gets no row: rows of one moment stay together", "move the bounds")
    return found


def _check_times(times: NDArray[Any]) -> None:
    absent = np.isnat(times) if times.dtype.kind == "M" else np.isnan(times.astype(float))
    if absent.any():
        raise DataError(f"row {int(np.argmax(absent)) + 1:,} has no time", "rows are divided by a time that all have")


def by_hash(ids: Sequence[object], shares: Mapping[str, float], seed: int) -> Parts:
    """Divide by a hash of an id: a row's part depends on its id alone, whatever rows come or go.

    Args:
        ids: of each row: text or integers as they stand in the file, not places in a list of words, which move when
            words are added. Rows with the same id are in the same part.
        shares: of the parts, at most 1 in sum; they are met on the average.
        seed: the recipe's.

    Raises:
        DataError: a row has no id, or the shares are wrong.
    """
    check_shares(shares)
    bounds = np.cumsum(list(shares.values()))
    if bounds[-1] > 1 - 1e-9:
        bounds[-1] = 1.0
    places = np.array([_place(value, row, seed) for row, value in enumerate(ids, 1)])
    part_of = np.searchsorted(bounds, places, side="right")
    return {name: np.flatnonzero(part_of == part) for part, name in enumerate(shares)}


def _place(value: object, row: int, seed: int) -> float:
    """Where in 0 … 1 an id falls; ``7`` and ``7.0`` and ``"7"`` are one id."""
    if value is None or value != value:
        raise DataError(f"row {row:,} has no id", "rows are divided by an id that all have")
    number = isinstance(value, float | np.floating) and float(value).is_integer()
    text = str(int(value)) if number else str(value)  # type: ignore[call-overload]
    digest = blake2b(text.encode(), digest_size=8, key=seed.to_bytes(8, "little")).digest()
    return (int.from_bytes(digest, "little") >> 11) / float(1 << 53)
