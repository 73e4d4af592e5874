"""NumPy files, read without pickle and piece by piece."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from runner.errors import InputError
from runner.inference.inputs.taken import Array, Batch, Taken, as_float32, joined
from runner.text import printable

_LARGEST = 8 << 30
"""Most bytes of an array in an .npz file, which is unpacked whole."""


def read_array(source: Path | bytes, name: str) -> Array:
    """The array of an .npy or .npz file; an .npy file stays on the disk.

    Args:
        source: the file, or what came from stdin.
        name: for messages.

    Raises:
        InputError: it is torn, holds Python objects, or it is not known which array is meant.
    """
    try:
        with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as file:
            if file.read(2) == b"PK":
                return _from_archive(file, name)
        return _plain(source)
    except (ValueError, EOFError, zipfile.BadZipFile, OSError) as error:
        raise InputError(f"{name} is not a NumPy file that can be read: {printable(str(error))}") from error


def _plain(source: Path | bytes) -> Array:
    if isinstance(source, Path):
        return np.asanyarray(np.load(source, mmap_mode="r", allow_pickle=False))
    return np.asanyarray(np.load(io.BytesIO(source), allow_pickle=False))


def _from_archive(file: BinaryIO, name: str) -> Array:
    with zipfile.ZipFile(file) as archive:
        arrays = [item.removesuffix(".npy") for item in archive.namelist() if item.endswith(".npy")]
    chosen = "x" if "x" in arrays else arrays[0] if len(arrays) == 1 else None
    if chosen is None:
        held = ", ".join(map(printable, sorted(arrays)[:10])) or "none"
        raise InputError(f"{name}: it must hold one array, or one that is called 'x'; it holds {held}")
    return archived(file, chosen, name)


def archived(file: BinaryIO, key: str, name: str) -> Array:
    """One array of an archive, whose header is read before memory is taken for it.

    Raises:
        InputError: there is none of that name, or it says that it is larger than it is, or too large.
    """
    with zipfile.ZipFile(file) as archive:
        try:
            info = archive.getinfo(f"{key}.npy")
        except KeyError:
            raise InputError(f"{name}: it must hold an array {key!r}") from None
        if info.file_size > _LARGEST:
            raise InputError(f"{name}: the array {key!r} has {info.file_size:,} bytes", "save it as .npy")
        with archive.open(info) as member:
            major = np.lib.format.read_magic(member)[0]
            header = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
            shape, _, dtype = header(member)
        if dtype.hasobject:
            raise InputError(f"{name}: the array {key!r} holds Python objects, which are not unpickled")
        if int(np.prod(shape, dtype=object)) * dtype.itemsize > info.file_size:
            raise InputError(f"{name}: the array {key!r} says that its shape is {shape}, and is smaller")
        with archive.open(info) as member:
            return np.asanyarray(np.lib.format.read_array(member, allow_pickle=False))


def shaped(x: Array, taken: Taken, name: str) -> Array:
    """The array with the axes ``(n, *shape)``; a single example, and grey images without a channel, may do without.

    Raises:
        InputError: it has another shape or holds no numbers.
    """
    if x.dtype.kind not in "buif":
        raise InputError(f"{name}: the values must be numbers; received the type {x.dtype}")
    shapes = [taken.shape, *([taken.shape[:-1]] if len(taken.shape) == 3 and taken.shape[-1] == 1 else [])]
    for shape in shapes:
        if x.shape[1:] == shape:
            return x.reshape(-1, *taken.shape)
    for shape in shapes:
        if x.shape == shape:
            return x.reshape(1, *taken.shape)
    wanted = ", ".join(["n", *map(str, taken.shape)])
    raise InputError(f"{name}: the model takes {taken}, an array of shape ({wanted}); received the shape {x.shape}")


def array_batches(source: Path | bytes, name: str, taken: Taken, size: int, *, only: bool) -> Iterator[Batch]:
    """The examples of a NumPy file, ``size`` at a time."""
    x = shaped(read_array(source, name), taken, name)
    for start in range(0, len(x), size):
        part = as_float32(x[start : start + size])
        require_finite(part, name, start)
        yield Batch([joined(name, start + row, only=only) for row in range(len(part))], part)


def require_finite(x: Any, name: str, start: int) -> None:
    """Refuse NaN and infinity, of which a model makes nothing.

    Raises:
        InputError: naming the first example that has one.
    """
    bad = ~np.isfinite(x.reshape(len(x), -1)).all(axis=1)
    if bad.any():
        raise InputError(f"{name}: example {start + int(bad.argmax())} has a value that is not a finite number")
