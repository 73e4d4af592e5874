"""What an image file's header says: no pixel is decoded."""

import io
import struct
import warnings
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from runner.data.images.held import ImageFile, called, head_of, opened
from runner.data.images.jpeg_header import jpeg_header
from runner.errors import DataError

ENDINGS = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")
_HEAD = 16 << 10
"""Bytes in which the header of a plain JPEG file is looked for, where the file is not read."""
MOST_PIXELS = 89_478_485
"""Of an image; a quarter of a gigabyte of colours."""
_FORMATS = ("BMP", "GIF", "JPEG", "PNG", "WEBP")
FORMATS = (*_FORMATS, "MPO", "")
"""What Pillow may say of a file that it opens as one of these: a JPEG file may hold several pictures."""
_GREY = ("1", "L", "LA", "I", "I;16", "I;16B", "F")
_ORIENTATION = 0x0112
_SIDEWAYS = (5, 6, 7, 8)
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, EOFError, struct.error, OverflowError, IndexError)


@dataclass(frozen=True)
class ImageFacts:
    """An image, before it is decoded.

    Attributes:
        file: that holds it.
        format: such as JPEG.
        height: when it stands upright.
        width: when it stands upright.
        grey: whether it has no colours.
        orientation: of EXIF, 1 … 8; 1 is upright.
    """

    file: ImageFile
    format: str
    height: int
    width: int
    grey: bool
    orientation: int

    @property
    def name(self) -> str:
        """In messages."""
        return called(self.file)


def facts_of(path: ImageFile, content: bytes | None = None) -> ImageFacts:
    """Read the header of an image, in :func:`quiet`.

    Args:
        path: of the file.
        content: its bytes; None: they are read.

    Raises:
        DataError: it is not an image of a format that is read, or has too many pixels.
    """
    plain = jpeg_header(head_of(path, _HEAD) if content is None else content)
    if plain is None:
        return _read(path, content)
    height, width, grey = plain
    _require_small(path, height * width)
    return ImageFacts(path, "JPEG", height, width, grey, 1)


def decodes(path: ImageFile, content: bytes | None = None) -> str | None:
    """What is said of an image whose pixels cannot be decoded; None where they can."""
    try:
        with Image.open(_source(path, content), formats=_FORMATS) as image:
            image.load()
    except (*_BROKEN, Image.DecompressionBombError, MemoryError) as error:
        return f"{called(path)} cannot be decoded: {_reason(error, path)}"
    return None


def quiet() -> AbstractContextManager[object]:
    """Hear nothing of what Pillow thinks of odd metadata; threads start in it, since filters are the process's."""
    return warnings.catch_warnings(action="ignore")


def _source(path: ImageFile, content: bytes | None) -> Path | io.BytesIO:
    return opened(path) if content is None else io.BytesIO(content)


def _require_small(path: ImageFile, pixels: int) -> None:
    if pixels > MOST_PIXELS:
        raise DataError(f"{called(path)} has {pixels:,} pixels, more than {MOST_PIXELS:,}", "make it smaller")


def unreadable(path: ImageFile, error: Exception) -> DataError:
    """What is said of a file that is no image, or cannot be opened."""
    return DataError(f"{called(path)} is not an image that can be read: {_reason(error, path)}")


def _read(path: ImageFile, content: bytes | None) -> ImageFacts:
    try:
        with Image.open(_source(path, content), formats=_FORMATS) as image:
            width, height = image.size
            mode, form, exif = image.mode, image.format or "", image.info.get("exif")
    except Image.DecompressionBombError as error:
        raise DataError(f"{called(path)} has more than {MOST_PIXELS:,} pixels", "make it smaller") from error
    except _BROKEN as error:
        raise unreadable(path, error) from error
    _require_small(path, width * height)
    orientation = _orientation(exif)
    if orientation in _SIDEWAYS:
        width, height = height, width
    return ImageFacts(path, form, height, width, mode in _GREY, orientation)


def _reason(error: Exception, path: ImageFile) -> str:
    if isinstance(error, UnidentifiedImageError):
        return f"its content is none of {', '.join(_FORMATS)}"
    return str(getattr(error, "strerror", None) or error).replace(str(path), called(path))


def _orientation(exif: object) -> int:
    """1 where there is none, or none that can be read: cameras write many things."""
    if not isinstance(exif, bytes):
        return 1
    read = Image.Exif()
    try:
        read.load(exif)
        value = read.get(_ORIENTATION, 1)
    except _BROKEN:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
