"""Medians of any number of float32 values in little memory: found bit by bit, not sorted."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_HALF = 1 << 16
_COLUMNS = 32
"""Whose values are counted in one pass: each takes 0.5 MB for its counts."""


def medians(values: Callable[[], Iterator[Array]]) -> Array:
    """Exact medians over the examples, float64: the mean of the two in the middle where their number is even.

    Float32 values are ordered as their bits are, once those of negative ones are inverted. A first pass counts the
    upper 16 bits, which says those of the median; a second one counts the lower 16 bits of the values that have these.

    Args:
        values: finite float32 values of the shape ``(n,)`` or ``(n, k)``, a part at a time; called for each pass.
    """
    first = next(values())
    shape = first.shape[1:]
    width = int(np.prod(shape, dtype=np.int64))

    def rows(start: int) -> Iterator[NDArray[np.integer[Any]]]:
        for part in values():
            yield _keys(part.reshape(len(part), width)[:, start : start + _COLUMNS])

    found = [_of_columns(lambda: rows(start)) for start in range(0, width, _COLUMNS)]  # noqa: B023 - called at once
    return np.concatenate(found).reshape(shape)


def _of_columns(rows: Callable[[], Iterator[NDArray[np.integer[Any]]]]) -> NDArray[np.float64]:
    upper = _counts(part >> 16 for part in rows())
    n = int(upper[0].sum())
    middle = [_value(rows, upper, rank) for rank in dict.fromkeys(((n - 1) // 2, n // 2))]
    found: NDArray[np.float64] = np.mean(middle, axis=0)
    return found


def _value(
    rows: Callable[[], Iterator[NDArray[np.integer[Any]]]], upper: NDArray[np.int64], rank: int
) -> NDArray[np.float64]:
    """The values with so many before them in order, one a column."""
    high, before = _place(upper, rank)

    def lower() -> Iterator[tuple[NDArray[np.integer[Any]], NDArray[np.bool_]]]:
        return ((part & (_HALF - 1), part >> 16 == high) for part in rows())

    counts = sum(
        np.stack([np.bincount(bits[there[:, k], k], minlength=_HALF) for k in range(len(high))])
        for bits, there in lower()
    )
    low, _ = _place(np.asarray(counts), rank - before)
    return _numbers((high.astype(np.uint32) << 16) | low.astype(np.uint32))


def _counts(parts: Iterator[NDArray[np.integer[Any]]]) -> NDArray[np.int64]:
    """How often each of 65,536 numbers is there, a row a column."""
    found = sum(np.stack([np.bincount(column, minlength=_HALF) for column in part.T]) for part in parts)
    return np.asarray(found)


def _place(counts: NDArray[np.int64], rank: NDArray[np.int64] | int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The number that has the rank, and how many come before the first of its kind; one a row."""
    ends = np.cumsum(counts, axis=1)
    place = np.argmax(ends > np.broadcast_to(np.asarray(rank), len(ends))[:, None], axis=1)
    return place, np.take_along_axis(ends - counts, place[:, None], axis=1)[:, 0]


def _keys(values: Array) -> NDArray[np.integer[Any]]:
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    return np.where(bits >> 31 == 1, ~bits, bits | np.uint32(1 << 31))


def _numbers(keys: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    bits = np.where(keys >> 31 == 1, keys & np.uint32((1 << 31) - 1), ~keys)
    return bits.astype(np.uint32).view(np.float32).astype(np.float64)
