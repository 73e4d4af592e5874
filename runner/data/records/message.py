"""``tf.train.Example`` messages, read without TensorFlow: values of features as they stand on the wire.

An Example holds Features (field 1), these a map (field 1) from names (field 1) to Feature (field 2), which is a list of
bytes (field 1), of floats (field 2) or of integers (field 3); see TensorFlow's ``example.proto`` and ``feature.proto``
and the encoding of Protocol Buffers.
"""

import struct
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

ListKind = Literal["bytes", "floats", "integers"]
Values = tuple[ListKind, list[bytes] | NDArray[Any]]
"""What a feature holds."""
_KINDS: dict[int, ListKind] = {1: "bytes", 2: "floats", 3: "integers"}
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5


class BrokenMessage(Exception):
    """Bytes that are no such message."""


def features_of(record: bytes) -> dict[str, Values]:
    """Features of an Example by their names; an empty one holds no bytes.

    Raises:
        BrokenMessage: it is no such message.
    """
    found: dict[str, Values] = {}
    try:
        for _, features in _inner(record, 1):
            for _, entry in _inner(features, 1):
                parts = {field: value for field, value in _fields(entry) if isinstance(value, bytes)}
                found[parts.get(1, b"").decode()] = _values(parts.get(2, b""))
    except (IndexError, struct.error, UnicodeDecodeError, ValueError) as error:
        raise BrokenMessage(str(error)) from error
    return found


def _inner(message: bytes, field: int) -> Iterator[tuple[int, bytes]]:
    """Messages within a message, of one field."""
    for number, value in _fields(message):
        if number == field and isinstance(value, bytes):
            yield number, value


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """Every field with its value: bytes, or a number."""
    at, size = 0, len(message)
    while at < size:
        key, at = _varint(message, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield key >> 3, value
            continue
        length, at = _varint(message, at) if kind == _LENGTH else ({_FIXED64: 8, _FIXED32: 4}.get(kind, -1), at)
        if length < 0 or at + length > size:
            raise BrokenMessage(f"a field of kind {kind} goes beyond the message")
        yield key >> 3, message[at : at + length]
        at += length


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the least first, and the place behind it."""
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise BrokenMessage("a number has more than 64 bits")


def _values(feature: bytes) -> Values:
    found: Values = ("bytes", [])
    for field, content in _fields(feature):
        kind = _KINDS.get(field)
        if kind is None or not isinstance(content, bytes):
            raise BrokenMessage(f"a feature is a list of bytes, floats or integers, and has a field {field}")
        found = (kind, _listed(kind, content))
    return found


def _listed(kind: ListKind, content: bytes) -> list[bytes] | NDArray[Any]:
    values = [value for field, value in _fields(content) if field == 1]
    if kind == "bytes":
        return [value for value in values if isinstance(value, bytes)]
    if kind == "floats":  # packed, or one by one
        return np.frombuffer(b"".join(value for value in values if isinstance(value, bytes)), "<f4")
    parts = [_integers(value) if isinstance(value, bytes) else np.array([value], np.uint64) for value in values]
    return (np.concatenate(parts) if parts else np.empty(0, np.uint64)).view(np.int64)


def _integers(packed: bytes) -> NDArray[np.uint64]:
    """Numbers of seven bits a byte, one after another; all of them at once."""
    data = np.frombuffer(packed, np.uint8)
    last = np.flatnonzero(data < 0x80)
    if not len(data):
        return np.empty(0, np.uint64)
    if not len(last) or last[-1] != len(data) - 1:
        raise BrokenMessage("a number is truncated")
    first = np.concatenate([[0], last[:-1] + 1])
    place = np.arange(len(data)) - np.repeat(first, last - first + 1)
    if place.max() > 9:
        raise BrokenMessage("a number has more than 64 bits")
    bits = (data & 0x7F).astype(np.uint64) << (7 * place).astype(np.uint64)
    found: NDArray[np.uint64] = np.bitwise_or.reduceat(bits, first)
    return found
