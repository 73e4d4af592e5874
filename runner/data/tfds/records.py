"""Where the records of a TFRecord file lie.

A record is its length (8 bytes, little-endian), a checksum of the length (4), the data, and a checksum of the data (4);
see TensorFlow's ``tfrecord`` guide. Checksums are left to TensorFlow, which checks them in what it reads.
"""

import struct
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_LENGTH = struct.Struct("<Q")
_AROUND = 16
"""Bytes of a record that are not data."""


class BrokenRecords(Exception):
    """A file does not have the records that it should."""


@lru_cache(maxsize=64)
def record_offsets(file: Path, count: int) -> NDArray[np.int64]:
    """First byte of every record.

    Only lengths are read, so that a file of large records costs little.

    Args:
        file: a TFRecord file that is not compressed.
        count: how many records it is to have.

    Raises:
        BrokenRecords: it has more or fewer, or ends within one.
        OSError: it cannot be read.
    """
    import mmap  # with this module, verbs that only plan would import it

    offsets, at = np.empty(count, np.int64), 0
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        size = len(content)
        for number in range(count):
            if at + _AROUND > size:
                raise BrokenRecords(f"{file.name} was expected to contain {count:,} records but has {number:,}")
            offsets[number] = at
            at += _AROUND + _LENGTH.unpack_from(content, at)[0]
        if at != size:
            raise BrokenRecords(f"{file.name} does not end with record {count:,} of {count:,}")
    return offsets
