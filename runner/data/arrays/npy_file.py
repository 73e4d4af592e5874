"""An array in an npy file, mapped into memory."""

from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from runner.data.arrays.npy_header import ArrayFacts, read_header
from runner.errors import DataError


def npy_facts(path: Path) -> ArrayFacts:
    """Shape and type of the array, from the file's first bytes and its size.

    Raises:
        DataError: it is not an array, or not all of its values are there.
    """
    try:
        with path.open("rb") as file:
            facts = read_header(file, "", path.name)
        size = path.stat().st_size
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}") from error
    if size != facts.offset + facts.size:
        raise DataError(
            f"{path.name} has {size - facts.offset:,} bytes of values, its header says {facts.size:,}: "
            f"{facts.shape} of {facts.dtype}",
            "the file was truncated, or written while it was read: save it again",
        )
    return facts


def open_npy(path: Path) -> NDArray[Any]:
    """The array, read from the disk as it is used.

    Raises:
        DataError: it is not an array, or not all of its values are there.
    """
    facts = npy_facts(path)
    order: Literal["F", "C"] = "F" if facts.fortran else "C"
    if facts.size == 0:  # nothing can be mapped
        return np.empty(facts.shape, facts.dtype, order)
    mapped: NDArray[Any] = np.memmap(path, facts.dtype, "r", facts.offset, facts.shape, order)
    return mapped
