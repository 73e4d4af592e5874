"""CRC-32C of many stretches of bytes at once, as TFRecord files have it (RFC 3720; TensorFlow's ``tfrecord`` guide).

The register r takes a byte b as r ← T[(r ⊕ b) mod 256] ⊕ (r >> 8). It is linear: a stretch that ends in whole chunks of
C bytes has r ← shift(r) ⊕ crc₀(chunk) for each of them, where shift takes C zeros. So all chunks of all stretches are
taken side by side, a byte of each at a time, and joined afterwards.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]
_CHUNK = 1024
_ONES = np.uint32(0xFFFFFFFF)
_BYTE = np.uint32(0xFF)
_MASK = np.uint32(0xA282EAD8)


def masked(data: NDArray[np.uint8], starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> Words:
    """Masked checksum of each stretch: the register inverted, turned right by 15 bits, plus a constant.

    Args:
        data: all bytes.
        starts: first byte of each stretch.
        sizes: of the stretches.
    """
    if not len(starts):
        return np.empty(0, np.uint32)
    odd = sizes % _CHUNK
    register = _taken(data, starts, odd, np.full(len(starts), _ONES))
    chunks = (sizes // _CHUNK).astype(np.int64)
    first = np.cumsum(chunks) - chunks
    places = np.repeat(starts + odd - first * _CHUNK, chunks) + np.arange(int(chunks.sum())) * _CHUNK
    whole = _taken(data, places, np.full(len(places), _CHUNK), np.zeros(len(places), np.uint32))
    for k in range(int(chunks.max(initial=0))):
        some = np.flatnonzero(chunks > k)
        register[some] = _shifted(register[some]) ^ whole[first[some] + k]
    crc = register ^ _ONES
    return ((crc >> np.uint32(15)) | (crc << np.uint32(17))) + _MASK


def _taken(data: NDArray[np.uint8], starts: NDArray[np.int64], sizes: NDArray[np.int64], register: Words) -> Words:
    """Registers after the bytes of each stretch, a byte of all at a time."""
    table = _table()
    for place in range(int(sizes.max(initial=0))):
        some = slice(None) if place < int(sizes.min()) else np.flatnonzero(sizes > place)
        old = register[some]
        byte = data[starts[some] + place].astype(np.uint32)
        register[some] = table[(old ^ byte) & _BYTE] ^ (old >> np.uint32(8))
    return register


def _shifted(register: Words) -> Words:
    """Registers after a chunk of zeros, byte by byte of the register."""
    tables: Any = _shifts()
    parts = [tables[k][(register >> np.uint32(8 * k)) & _BYTE] for k in range(4)]
    found: Words = parts[0] ^ parts[1] ^ parts[2] ^ parts[3]
    return found


@cache
def _table() -> Words:
    """T, of the polynomial 0x1EDC6F41 with its bits reversed."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> np.uint32(1)) ^ np.uint32(0x82F63B78), table >> np.uint32(1))
    return table.astype(np.uint32)


@cache
def _shifts() -> Words:
    """What a chunk of zeros makes of each value of each byte of the register, shape ``(4, 256)``."""
    register = (np.arange(256, dtype=np.uint32)[None] << (8 * np.arange(4, dtype=np.uint32))[:, None]).astype(np.uint32)
    for _ in range(_CHUNK):
        register = _table()[register & _BYTE] ^ (register >> np.uint32(8))
    return register
