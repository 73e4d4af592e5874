"""What a file of tensors that was just written holds, read a little at a time.

Reading all of it into arrays would take the memory of one more copy, and would hold up the threads that train: the
library that makes arrays keeps Python's lock while it copies. A file that is read and hashed in pieces does neither.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from numpy.typing import NDArray

_PIECE = 4 << 20
"""Bytes that are read at a time."""


def each_in(file: BinaryIO, arrays: Mapping[str, NDArray[Any]], add: Callable[[str, Iterator[bytes]], None]) -> None:
    """Give the stored bytes of every array, by name in sorted order, in pieces.

    The form of the file: the length of a JSON header in eight bytes, the header with ``data_offsets`` of each array,
    the bytes (https://github.com/huggingface/safetensors#format).

    Args:
        file: open, at any place.
        arrays: those that were written.
        add: hears a name and the bytes.

    Raises:
        ValueError: the header is no JSON, or an array's place in the file has another size than the array.
        KeyError: an array is not in the file.
    """
    file.seek(0)
    length = int.from_bytes(file.read(8), "little")
    header = json.loads(file.read(length))
    for name in sorted(arrays):
        start, stop = header[name]["data_offsets"]
        if stop - start != arrays[name].nbytes:
            raise ValueError(f"{name} has {stop - start} bytes and not {arrays[name].nbytes}")
        file.seek(8 + length + start)
        add(name, _pieces(file, stop - start))


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0:
        piece = file.read(min(size, _PIECE))
        if not piece:
            raise ValueError("the file ends early")
        size -= len(piece)
        yield piece
