"""Arrays in an npz file: none is unpacked before it is known what it will take."""

import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.arrays.npy_header import ArrayFacts, read_header
from runner.errors import DataError

LIMIT = 8 << 30
"""Bytes that all arrays of a file may take, unless another limit is given."""
_RATIO = 200
_SMALL = 64 << 20
"""Bytes up to which an array may have been packed more tightly than ``_RATIO``: an empty mask is."""
_ENDING = ".npy"


def npz_facts(path: Path, limit: int = LIMIT) -> tuple[ArrayFacts, ...]:
    """Names, shapes and types of all arrays; of each no more than its header is unpacked.

    Args:
        path: of the file.
        limit: bytes that all arrays may take.

    Raises:
        DataError: it is not such a file, an array is broken, or they would take too much.
    """
    with _opened(path) as archive:
        facts = tuple(_facts(archive, info, path.name) for info in _members(archive, path.name))
    total = sum(array.size for array in facts)
    if total > limit:
        raise DataError(
            f"{path.name}: its arrays take {total:,} bytes, the limit is {limit:,}",
            "save each in its own npy file: these are not read into memory",
        )
    return facts


def read_npz(path: Path, limit: int = LIMIT, names: Collection[str] | None = None) -> dict[str, NDArray[Any]]:
    """Arrays by their names.

    Args:
        path: of the file.
        limit: bytes that all arrays may take.
        names: of those that are unpacked; None: all.

    Raises:
        DataError: as of :func:`npz_facts`, or values are broken.
    """
    facts = npz_facts(path, limit)
    with _opened(path) as archive:
        return {
            array.name: _values(archive, array, path.name) for array in facts if names is None or array.name in names
        }


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise DataError(f"{path.name} is not an npz file that can be read: {error}") from error


def _members(archive: zipfile.ZipFile, file: str) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    names = [info.filename for info in members]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"{file} has two arrays {twice.removesuffix(_ENDING)!r}")
    other = next((name for name in names if not name.endswith(_ENDING)), None)
    if other is not None or not names:
        what = f"{other!r}, which is not an array" if other is not None else "no array"
        raise DataError(f"{file} holds {what}", "numpy.savez writes such files")
    return members


def _facts(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: str) -> ArrayFacts:
    name = info.filename.removesuffix(_ENDING)
    with archive.open(info) as stream:
        facts = read_header(stream, name, file)
    if info.file_size != facts.offset + facts.size:
        raise DataError(
            f"{file}: array {name!r} has {info.file_size - facts.offset:,} bytes of values, "
            f"its header says {facts.size:,}: {facts.shape} of {facts.dtype}"
        )
    if facts.size > _SMALL and facts.size > _RATIO * max(info.compress_size, 1):
        raise DataError(
            f"{file}: array {name!r} would grow from {info.compress_size:,} bytes to {facts.size:,}",
            f"such files are refused above {_RATIO} times; save the array in an npy file",
        )
    return facts


def _values(archive: zipfile.ZipFile, facts: ArrayFacts, file: str) -> NDArray[Any]:
    """Read as many bytes as the header says; the archive checks their sum at its end."""
    result = np.empty(facts.size, np.uint8)
    with archive.open(facts.name + _ENDING) as stream:
        stream.read(facts.offset)
        filled = 0
        while block := stream.read(min(facts.size - filled, _SMALL)) if filled < facts.size else b"":
            result[filled : filled + len(block)] = np.frombuffer(block, np.uint8)
            filled += len(block)
        more = stream.read(1)
    if filled != facts.size or more:
        raise DataError(f"{file}: array {facts.name!r} does not hold the values that its header declares")
    return result.view(facts.dtype).reshape(facts.shape, order="F" if facts.fortran else "C")
