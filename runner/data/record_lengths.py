"""Where the records of a TFRecord file lie, by their lengths alone.

A record is its length (8 bytes, little-endian), a checksum of the length (4), the data, and a checksum of the data (4);
see TensorFlow's ``tfrecord`` guide.
"""

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LENGTH = struct.Struct("<Q")
HEAD, TAIL = 12, 4
"""Bytes of a record before and behind its data."""


def walked(content: Any) -> tuple[NDArray[np.int64], int]:
    """Go from record to record.

    Args:
        content: bytes of the file, such as a memory map.

    Returns:
        First byte of each whole record's data, and how many there are, shape ``(n, 2)``; and where the last one ends.
    """
    places, at, size = [], 0, len(content)
    while at + HEAD <= size:
        length = _LENGTH.unpack_from(content, at)[0]
        end = at + HEAD + length + TAIL
        if end > size:
            break
        places.append((at + HEAD, length))
        at = end
    return np.array(places, np.int64).reshape(-1, 2), at
