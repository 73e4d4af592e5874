"""In which type examples of an array are kept: small ones as they are, large ones as float32 or int32."""

from typing import Any

import numpy as np

from runner.data.examples import Array
from runner.data.splits.shares import Indices
from runner.errors import DataError, KeyPath

_KEPT = ("u1", "i1", "u2", "i2", "i4", "f2", "f4")


def stored_type(dtype: np.dtype[Any], name: str, place: KeyPath) -> np.dtype[Any]:
    """Type in which an array's values are kept.

    Raises:
        DataError: they are text.
    """
    if dtype.kind in "SU":
        raise DataError(
            f"array {name!r} holds text ({dtype}), and inputs are numbers",
            "save numbers, or put the texts into a CSV file and write `source: text`",
            path=place,
        )
    if dtype.kind == "b":
        return np.dtype(np.uint8)
    if f"{dtype.kind}{dtype.itemsize}" in _KEPT:
        return dtype.newbyteorder("=")
    return np.dtype(np.float32 if dtype.kind == "f" else np.int32)


def stored(values: Array, dtype: np.dtype[Any], examples: Indices, name: str, place: KeyPath) -> Array:
    """Values in the type that they are kept in, of the shape ``(n, …)`` with at least two axes.

    Args:
        values: of some examples.
        dtype: of :func:`stored_type`.
        examples: their places in the array, for messages.
        name: of the array.
        place: in the recipe.

    Raises:
        DataError: one is not finite, or too large for the type.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        result = np.ascontiguousarray(values).astype(dtype, copy=False)
    bad = ~np.isfinite(result) if dtype.kind == "f" else _changed(values, result)
    if bad is not None and bad.any():
        row = int(np.argmax(bad.reshape(len(bad), -1).any(axis=1)))
        value = values[row][bad[row]].flat[0] if values.ndim > 1 else values[row]
        rule = "is not a finite number in float32" if dtype.kind == "f" else f"does not fit into {dtype}"
        raise DataError(f"array {name!r}: {value} in example {examples[row]:,} {rule}", "mend the array", path=place)
    return result.reshape(len(result), -1) if result.ndim == 1 else result


def _changed(values: Array, result: Array) -> Array | None:
    """Which whole numbers became others; None where the type holds them all."""
    if np.can_cast(values.dtype, result.dtype):
        return None
    changed: Array = result != values
    return changed
