"""Where the records of a TFRecord file lie, each one checked once: length and data fit the checksums beside them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runner.data.files import FileFacts
from runner.data.record_lengths import HEAD, TAIL, walked
from runner.data.records.checksum import masked
from runner.disk.atomic import replacing
from runner.errors import DataError

_FORM = 1
"""Of the kept index; a new one makes the old files unused."""
_BATCH = 16 << 20
"""Bytes of data whose checksums are computed at a time."""
_GZIP = b"\x1f\x8b"
_LENGTH_IS_WRONG = "has a length that does not match its checksum"
Index = NDArray[np.int64]
"""First byte of each record's data, and how many there are, shape ``(n, 2)``."""


def known_index(file: FileFacts, folder: Path) -> Index:
    """The index of a file, from the folder where the same content has been looked at before.

    Args:
        file: that is not compressed.
        folder: of the cache; it is made where there is none.

    Raises:
        DataError: a record is broken, which is named by its number, or the cache cannot be written.
    """
    path = folder / f"{file.sha256[:32]}.records-{_FORM}.npy"
    try:
        kept = np.load(path, allow_pickle=False)
        if kept.dtype == np.int64 and kept.ndim == 2 and kept.shape[1] == 2 and _ends(kept) == file.size:
            return np.asarray(kept)
    except (OSError, ValueError, EOFError):
        pass  # there is none, or it is not what is written here: the file itself tells
    found = record_index(file.path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary, temporary.open("wb") as stream:
            np.save(stream, found, allow_pickle=False)
    except OSError as error:
        message = f"{folder} cannot be written: {error.strerror or error}"
        raise DataError(message, "set RECIPE_CACHE_DIR to cache data in another folder") from error
    return found


def _ends(index: Index) -> int:
    return int(index[-1].sum()) + TAIL if len(index) else 0


def record_index(path: Path) -> Index:
    """Look at every record of a file: its length and its data have the checksums that stand beside them.

    Raises:
        DataError: a record is broken or cut, which is named by its number, from 1; or the file is compressed.
    """
    if path.stat().st_size == 0:
        return np.empty((0, 2), np.int64)
    data = np.memmap(path, np.uint8, "r")
    if data[:2].tobytes() == _GZIP:
        raise DataError(f"{path.name} is compressed, and records are read by position", "decompress it: gzip -d")
    found, end = walked(data)
    _check(data, found, path)
    if end < len(data):
        raise _broken(path, len(found), end, _torn(data, end))
    return found


def _torn(data: NDArray[np.uint8], at: int) -> str:
    """What is wrong with a record that would end behind the file."""
    head = np.array([at], np.int64)
    whole = at + HEAD <= len(data)
    if whole and masked(data, head, np.array([8])) != _stored(data, head + 8):
        return _LENGTH_IS_WRONG
    return "is truncated: the file ends within it"


def _check(data: NDArray[np.uint8], index: Index, path: Path) -> None:
    starts = index[:, 0]
    wrong = masked(data, starts - HEAD, np.full(len(starts), 8)) != _stored(data, starts - 4)
    for some in _batches(index):
        part = index[some]
        other = masked(data, part[:, 0], part[:, 1]) != _stored(data, part.sum(axis=1))
        bad = np.flatnonzero(wrong[some] | other)
        if len(bad):
            k = some.start + int(bad[0])
            what = _LENGTH_IS_WRONG if wrong[k] else "has data that does not match its checksum"
            raise _broken(path, k, int(starts[k]) - HEAD, what)


def _stored(data: NDArray[np.uint8], places: NDArray[np.int64]) -> NDArray[np.uint32]:
    found: NDArray[np.uint32] = data[places[:, None] + np.arange(4)].copy().view("<u4")[:, 0]
    return found


def _batches(index: Index) -> Iterator[slice]:
    """Records that have no more than a batch of bytes together, or one that has more."""
    start = 0
    before = np.concatenate([[0], np.cumsum(index[:, 1])])
    while start < len(index):
        stop = int(np.searchsorted(before, before[start] + _BATCH, side="right")) - 1
        stop = max(stop, start + 1)
        yield slice(start, stop)
        start = stop


def _broken(path: Path, number: int, at: int, what: str) -> DataError:
    return DataError(f"{path.name}: record {number + 1:,}, at byte {at:,}, {what}", "write the file again")
