"""What the header of a plain JPEG file says, read without Pillow, which takes longer than reading a small file."""

import struct

_START = b"\xff\xd8"
_SEGMENT = struct.Struct(">HH")
_FRAME = struct.Struct(">BHHB")
_SCAN = 0xFFDA
_TABLES = 0xFFDB
_FRAMES = (0xFFC0, 0xFFC1, 0xFFC2)
"""Baseline, extended and progressive."""
_OTHERS = (0xFFC4, 0xFFDD, 0xFFE0, 0xFFEE, 0xFFFE)
"""Huffman tables, restart interval, JFIF, Adobe, comment: none of them says how an image stands or how large it is."""
_TABLE_BYTES = 65


def jpeg_header(content: bytes) -> tuple[int, int, bool] | None:
    """Height, width, and whether the image is grey.

    None for whatever is not plain: another format, EXIF or any other segment that may say more, four channels, a file
    that ends before its pixels or contradicts itself. Pillow reads these, and says what is wrong.

    Source: ITU-T T.81, annex B.
    """
    if not content.startswith(_START):
        return None
    at, found = len(_START), None
    while at + _SEGMENT.size <= len(content):
        marker, length = _SEGMENT.unpack_from(content, at)
        after = at + 2 + length
        if marker == _SCAN:
            return found
        if length < 2 or after > len(content):
            return None
        if marker in _FRAMES and found is None:
            found = _frame(content[at + _SEGMENT.size : after])
            if found is None:
                return None
        elif marker not in _OTHERS and not (marker == _TABLES and (length - 2) % _TABLE_BYTES == 0):
            return None
        at = after
    return None


def _frame(segment: bytes) -> tuple[int, int, bool] | None:
    if len(segment) < _FRAME.size:
        return None
    bits, height, width, channels = _FRAME.unpack_from(segment)
    plain = bits == 8 and channels in (1, 3) and len(segment) == _FRAME.size + 3 * channels
    return (height, width, channels == 1) if plain and height and width else None
