"""A file of tensors with a checksum, written in one pass.

Every byte of a large state that is copied, hashed or faulted in once more takes processor time from the training. So
pieces that fit into a processor's cache go from the arrays to the hash and to the file, the checksum is filled in
afterwards, and what stands in the file is compared with the arrays instead of being hashed again.

The form of the file: the length of a JSON header in eight bytes, the header with ``data_offsets`` of each array, the
bytes (https://github.com/huggingface/safetensors#format).
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PIECE = 1 << 20
"""Bytes that are hashed, written or read at a time."""
_NO_SUM = "0" * hashlib.sha256().digest_size * 2
_TYPES = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "bfloat16": "BF16",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "int8": "I8",
    "uint64": "U64",
    "uint32": "U32",
    "uint16": "U16",
    "uint8": "U8",
    "bool": "BOOL",
    "complex64": "C64",
}

Arrays = Mapping[str, NDArray[Any]]


def digest_of(text: str, arrays: Arrays) -> str:
    """SHA-256 of a text and of the name, type, shape and bytes of every array."""
    digest = hashlib.sha256(text.encode())
    for name in sorted(arrays):
        digest.update(_heading(name, arrays[name]))
        digest.update(_bytes_of(arrays[name]).data)
    return digest.hexdigest()


def write_tensors(path: Path, arrays: Arrays, metadata: Mapping[str, str], sealed: str) -> dict[str, str]:
    """Write arrays in row-major order, metadata and, as ``sha256``, :func:`digest_of` arrays and one text of them.

    Args:
        path: a file that does not exist; what is left of it after an error is for the caller to remove.
        arrays: by name.
        metadata: texts by name.
        sealed: name of the text that the checksum covers.

    Returns:
        The metadata with the checksum.

    Raises:
        KeyError: there is no such text, or an array is of a type that the format lacks.
        OSError: the file exists, or cannot be written.
    """
    digest = hashlib.sha256(metadata[sealed].encode())
    header, starts = _header(arrays, {**metadata, "sha256": _NO_SUM})
    with path.open("xb", buffering=0) as file:
        _write(file, memoryview(header))
        for name in sorted(arrays):
            file.seek(len(header) + starts[name])
            digest.update(_heading(name, arrays[name]))
            for piece in _pieces(_bytes_of(arrays[name])):
                digest.update(piece.data)
                _write(file, piece.data)
        summed = {**metadata, "sha256": digest.hexdigest()}
        file.seek(0)
        _write(file, memoryview(_header(arrays, summed)[0]))
    return summed


def holds(path: Path, arrays: Arrays) -> bool:
    """Whether the bytes of these arrays stand in a file, each where the file's header has its name.

    Raises:
        ValueError: the header is no JSON, or an array's place in the file has another size than the array.
        KeyError: an array is not in the file.
        OSError: the file cannot be read.
    """
    with path.open("rb", buffering=0) as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        buffer = np.empty(_PIECE, np.uint8)
        for name, array in arrays.items():
            start, stop = header[name]["data_offsets"]
            if stop - start != array.nbytes:
                raise ValueError(f"{name} has {stop - start} bytes and not {array.nbytes}")
            file.seek(8 + length + start)
            if not all(_follows(file, piece, buffer) for piece in _pieces(_bytes_of(array))):
                return False
    return True


def leave_to_disk(path: Path) -> None:
    """Tell the system that a file on the disk is not read soon: its memory then serves what is written next.

    Raises:
        OSError: the file cannot be opened.
    """
    if hasattr(os, "posix_fadvise"):
        with path.open("rb", buffering=0) as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _header(arrays: Arrays, metadata: Mapping[str, str]) -> tuple[bytes, dict[str, int]]:
    """The length and the header of a file, and where the bytes of each array begin behind them.

    The widest types come first, so that every array begins at a multiple of its item's size.
    """
    entries: dict[str, Any] = {"__metadata__": dict(metadata)}
    starts, end = dict[str, int](), 0
    for name in sorted(arrays, key=lambda name: (-arrays[name].itemsize, name)):
        array, starts[name] = arrays[name], end
        end += array.nbytes
        kind = _TYPES[array.dtype.name]
        entries[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [starts[name], end]}
    text = json.dumps(entries, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text, starts


def _heading(name: str, array: NDArray[Any]) -> bytes:
    return f"\n{name} {array.dtype.str} {array.shape}\n".encode()


def _bytes_of(array: NDArray[Any]) -> NDArray[np.uint8]:
    return np.asarray(array, order="C").reshape(-1).view(np.uint8)


def _pieces(data: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    return (data[start : start + _PIECE] for start in range(0, len(data), _PIECE))


def _write(file: FileIO, data: memoryview) -> None:
    while data:  # a disk that is nearly full takes a part, and refuses the rest
        data = data[file.write(data) :]


def _follows(file: FileIO, expected: NDArray[np.uint8], buffer: NDArray[np.uint8]) -> bool:
    """Whether these bytes are the next ones in the file; its end is none of them."""
    found = buffer[: len(expected)]
    got = 0
    while got < len(found):
        more = file.readinto(found[got:].data)
        if not more:
            return False
        got += more
    return bool(np.array_equal(found, expected))
