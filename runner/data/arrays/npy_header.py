"""What an npy stream says of itself before its values: read without pickle, and checked before memory is asked for."""

import math
from dataclasses import dataclass
from tokenize import TokenError
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from runner.errors import DataError

_LONGEST = 10_000
"""Characters of a header."""
_KINDS = "biufSU"
"""Truth values, integers, numbers, and text of fixed length."""


@dataclass(frozen=True)
class ArrayFacts:
    """An array, before its values are read.

    Attributes:
        name: in the file; empty in an npy file.
        shape: of the array.
        dtype: of its values.
        fortran: whether the first axis is the one that runs fastest.
        offset: bytes before the values.
    """

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran: bool
    offset: int

    @property
    def size(self) -> int:
        """Bytes of the values."""
        return math.prod(self.shape) * self.dtype.itemsize


def read_header(stream: IO[bytes], name: str, file: str) -> ArrayFacts:
    """Read the header of an npy stream.

    Args:
        stream: at its beginning.
        name: of the array.
        file: how the source is called in errors.

    Raises:
        DataError: it is no such stream, or its values are Python objects or records.
    """
    where = f"{file}: array {name!r}" if name else file
    try:
        version = npy.read_magic(stream)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        if version not in ((1, 0), (2, 0), (3, 0)):
            raise ValueError(f"format {version[0]}.{version[1]} is unknown")
        shape, fortran, dtype = read(stream, max_header_size=_LONGEST)
    except (ValueError, EOFError, OSError, SyntaxError, TokenError, TypeError, RecursionError, MemoryError) as error:
        raise DataError(f"{where} is not an array in NumPy's format: {error}") from error
    if dtype.kind not in _KINDS or dtype.subdtype is not None:
        what = "Python objects" if dtype.hasobject else f"values of type {dtype}"
        raise DataError(f"{where} holds {what}, which are not read", "save an array of numbers or of text")
    if any(size < 0 for size in shape):
        raise DataError(f"{where} says that its shape is {shape}")
    return ArrayFacts(name, tuple(map(int, shape)), dtype, bool(fortran), stream.tell())
