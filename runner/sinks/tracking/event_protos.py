"""TensorBoard's event files: records of TensorFlow with protocol buffers, encoded here so that nothing is imported.

A record is its length (8 bytes, little-endian), a masked CRC-32C of the length, the data, and a masked CRC-32C of the
data. The messages are ``tensorflow.Event`` of ``event.proto``, ``Summary`` of ``summary.proto`` and
``HParamsPluginData`` of TensorBoard's ``plugin_data.proto``.
"""

import struct
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar = float | bool | str
Crc = TypeVar("Crc", int, NDArray[np.uint32])
_VARINT, _DOUBLE, _BYTES, _FLOAT = 0, 1, 2, 5
_START = 1
"""``SessionLog.START``: what other files have of this step and later ones is overtaken."""
_NULL_TENSOR = bytes.fromhex("080112021200")
"""``TensorProto`` of no numbers: type float, one dimension of length 0."""


def _crc_table() -> tuple[int, ...]:
    """Of CRC-32C (Castagnoli), a byte at a time, lowest bit first."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ 0x82F63B78 if value & 1 else value >> 1
        table.append(value)
    return tuple(table)


CRC_TABLE: Final = _crc_table()


def crc(data: bytes) -> int:
    """CRC-32C."""
    found = 0xFFFFFFFF
    for byte in data:
        found = CRC_TABLE[(found ^ byte) & 0xFF] ^ (found >> 8)
    return found ^ 0xFFFFFFFF


def masked(crc: Crc) -> Crc:
    """Turned and shifted as TFRecord files have it."""
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF  # type: ignore[return-value] # stays of its type


def record(data: bytes) -> bytes:
    """A record of an event file."""
    length = struct.pack("<Q", len(data))
    return length + struct.pack("<I", masked(crc(length))) + data + struct.pack("<I", masked(crc(data)))


def varint(value: int) -> bytes:
    """A number in seven bits a byte, the lowest first; all bytes but the last have their highest bit set."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def _field(number: int, kind: int, content: bytes) -> bytes:
    length = varint(len(content)) if kind == _BYTES else b""
    return varint(number << 3 | kind) + length + content


def _text(number: int, text: str) -> bytes:
    return _field(number, _BYTES, text.encode("utf-8", "backslashreplace"))


def _event(time: float, step: int, content: bytes) -> bytes:
    return _field(1, _DOUBLE, struct.pack("<d", time)) + _field(2, _VARINT, varint(step)) + content


def version(time: float) -> bytes:
    """The first event of a file."""
    return _event(time, 0, _text(3, "brain.Event:2"))


def restarted(time: float, step: int) -> bytes:
    """From this step on the run was resumed."""
    return _event(time, step, _field(7, _BYTES, _field(1, _VARINT, varint(_START))))


def scalars(time: float, step: int, values: Iterable[tuple[str, float]]) -> bytes:
    """Values of a step by their tags, in float32."""
    return _event(time, step, _field(5, _BYTES, b"".join(scalar(tag, value) for tag, value in values)))


def scalar(tag: str, value: float) -> bytes:
    """A value of a summary."""
    return _field(1, _BYTES, _text(1, tag) + _field(2, _FLOAT, float32(value)))


def float32(value: float) -> bytes:
    """In four bytes; what is too large is infinite."""
    try:
        return struct.pack("<f", value)
    except OverflowError:
        return struct.pack("<f", float("inf") if value > 0 else float("-inf"))


def session_start(time: float, parameters: Mapping[str, Scalar], group: str) -> bytes:
    """What the run was made with, for the tab HPARAMS; runs of a group are repetitions of one another."""
    found = b"".join(
        _field(1, _BYTES, _text(1, name) + _field(2, _BYTES, _value(value))) for name, value in parameters.items()
    )
    info = found + _text(4, group) + _field(5, _DOUBLE, struct.pack("<d", time))
    return _hparams(time, "session_start_info", _field(3, _BYTES, info))


def session_end(time: float, *, success: bool) -> bytes:
    """How the run ended, for the tab HPARAMS."""
    info = _field(1, _VARINT, varint(1 if success else 2)) + _field(2, _DOUBLE, struct.pack("<d", time))
    return _hparams(time, "session_end_info", _field(4, _BYTES, info))


def _value(value: Scalar) -> bytes:
    """``google.protobuf.Value``."""
    if isinstance(value, bool):
        return _field(4, _VARINT, varint(value))
    return _text(3, value) if isinstance(value, str) else _field(2, _DOUBLE, struct.pack("<d", value))


def _hparams(time: float, tag: str, content: bytes) -> bytes:
    plugin = _field(1, _BYTES, _text(1, "hparams") + _field(2, _BYTES, content))
    value = _text(1, f"_hparams_/{tag}") + _field(8, _BYTES, _NULL_TENSOR) + _field(9, _BYTES, plugin)
    return _event(time, 0, _field(5, _BYTES, _field(1, _BYTES, value)))
