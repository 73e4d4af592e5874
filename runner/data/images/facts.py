"""What an image file's header says: no pixel is decoded."""

import struct
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal

from PIL import Image, UnidentifiedImageError

from runner.data.images.held import ImageFile, called, opened
from runner.errors import DataError
from runner.hardware.cores import cores

ENDINGS = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")
MOST_PIXELS = 89_478_485
"""Of an image; a quarter of a gigabyte of colours."""
_FORMATS = ("BMP", "GIF", "JPEG", "PNG", "WEBP")
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


def image_facts(path: ImageFile) -> ImageFacts:
    """Read the header of an image.

    Raises:
        DataError: it is not an image of a format that is read, or has too many pixels.
    """
    with _quiet():
        return _read(path)


def decodes(path: ImageFile) -> str | None:
    """What is said of an image whose pixels cannot be decoded; None where they can."""
    try:
        with Image.open(opened(path), formats=_FORMATS) as image:
            image.load()
    except (*_BROKEN, Image.DecompressionBombError, MemoryError) as error:
        return f"{called(path)} cannot be decoded: {_reason(error, path)}"
    return None


def _quiet() -> AbstractContextManager[object]:
    """Of what Pillow thinks of odd metadata; filters are the process's, so that it is for threads to start in."""
    return warnings.catch_warnings(action="ignore")


def _read(path: ImageFile) -> ImageFacts:
    try:
        with Image.open(opened(path), formats=_FORMATS) as image:
            width, height = image.size
            mode, form, exif = image.mode, image.format or "", image.info.get("exif")
    except Image.DecompressionBombError as error:
        raise DataError(f"{called(path)} has more than {MOST_PIXELS:,} pixels", "make it smaller") from error
    except _BROKEN as error:
        raise DataError(f"{called(path)} is not an image that can be read: {_reason(error, path)}") from error
    if width * height > MOST_PIXELS:
        raise DataError(f"{called(path)} has {width * height:,} pixels, more than {MOST_PIXELS:,}", "make it smaller")
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


@dataclass(frozen=True)
class ImagesFacts:
    """Images together.

    Attributes:
        images: those that can be read, in their order.
        places: of these among the files that were asked for.
        skipped: what is said of the others.
    """

    images: tuple[ImageFacts, ...]
    places: tuple[int, ...]
    skipped: tuple[str, ...]

    @property
    def grey(self) -> bool:
        """Whether none has colours."""
        return all(image.grey for image in self.images)

    def size(self) -> tuple[int, int]:
        """Height and width that all have.

        Raises:
            DataError: they differ.
        """
        first = self.images[0]
        for image in self.images:
            if (image.height, image.width) != (first.height, first.width):
                raise DataError(
                    f"images are of different sizes: {first.name} has {first.height} × {first.width}, "
                    f"{image.name} has {image.height} × {image.width}",
                    "give a size: [height, width], and fit, crop or pad",
                )
        return first.height, first.width


def images_facts(paths: Sequence[ImageFile], on_error: Literal["fail", "skip"] = "fail") -> ImagesFacts:
    """Read the headers of many images, on all cores.

    Args:
        paths: of the files.
        on_error: whether a file that is no image ends it, or is left out and listed.

    Raises:
        DataError: as of :func:`image_facts`, or no image is left.
    """
    with _quiet(), ThreadPoolExecutor(cores()) as pool:
        found = list(pool.map(_tried if on_error == "fail" else _whole, paths))
    good = [(place, facts) for place, facts in enumerate(found) if isinstance(facts, ImageFacts)]
    bad = [error for error in found if isinstance(error, DataError)]
    if bad and (on_error == "fail" or not good):
        raise bad[0]
    if not good:
        raise DataError("there is no image")
    return ImagesFacts(tuple(f for _, f in good), tuple(p for p, _ in good), tuple(str(error) for error in bad))


def _whole(path: ImageFile) -> ImageFacts | DataError:
    """As :func:`_tried`, with the pixels decoded once: a header tells nothing of a file that was cut."""
    found = _tried(path)
    fault = decodes(path) if isinstance(found, ImageFacts) else None
    return found if fault is None else DataError(fault)


def _tried(path: ImageFile) -> ImageFacts | DataError:
    try:
        return _read(path)
    except DataError as error:
        return error
