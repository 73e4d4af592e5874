"""Where the records of a prepared dataset lie; checksums are left to TensorFlow, which checks them in what it reads."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runner.data.record_lengths import HEAD, walked


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

    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        found, end = walked(content)
        size = len(content)
    if end == size and len(found) < count:
        raise BrokenRecords(f"{file.name} was expected to contain {count:,} records but has {len(found):,}")
    if end != size or len(found) > count:
        raise BrokenRecords(f"{file.name} does not end with record {count:,} of {count:,}")
    return found[:, 0] - HEAD
