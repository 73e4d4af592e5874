"""Image files that are read once: for what they hold, to notice a change, and for what their headers say."""

import hashlib
import struct
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runner.data.files import WHOLE, file_content, file_facts, outside, total_size
from runner.data.forked import in_processes, shared
from runner.data.images.facts import FORMATS, MOST_PIXELS, quiet, unreadable
from runner.data.images.jpeg_header import jpeg_header
from runner.data.images.many import ImagesFacts, OnError, looked_at, require_images
from runner.data.images.table import ImageTable
from runner.data.known_files import KnownFiles
from runner.data.path_list import Paths
from runner.errors import DataError
from runner.hardware.cores import cores

_GROUP = 64
"""Files that a thread takes at a time: asking another thread costs more than a small file."""
_LARGE = 64 << 20
"""Bytes from which on a file is not held in memory whole."""
_ROW = np.dtype(
    [("done", "u1"), ("format", "u1"), ("grey", "u1"), ("orientation", "u1"), ("height", "<u4"), ("width", "<u4"),
     ("size", "<i8"), ("modified", "<i8"), ("sha256", "V32")]
)  # fmt: skip
"""What is known of a file and its image; all 0 while it has not been looked at."""
_PACKED = struct.Struct("<4B2I2q32s")
"""The same as bytes."""
_JPEG = FORMATS.index("JPEG")


def known_images(paths: Sequence[Path], on_error: OnError) -> tuple[ImagesFacts, KnownFiles]:
    """Headers of images, and the facts of the files of those that can be read.

    Args:
        paths: of the files.
        on_error: whether a file that is no image ends it, or is left out and listed.

    Raises:
        DataError: as of :func:`runner.data.images.many.images_facts`, or a file changes while it is read.
    """
    held = Paths.of(paths)
    look = _Look(held.texts, decode=on_error == "skip")
    with quiet():
        in_processes(len(held), look.fill)
        wrong = look.finish()
    require_images(len(held), wrong, on_error)
    places = np.flatnonzero(look.rows["done"])
    images, files = _columns(held.at(places.tolist()) if wrong else held, look.rows[places])
    return ImagesFacts(images, tuple(places.tolist()), tuple(map(str, wrong))), files


def _columns(paths: Paths, rows: NDArray[np.void]) -> tuple[ImageTable, KnownFiles]:
    """Rows as columns, which have memory of their own."""
    height, width = rows["height"].astype(np.int64), rows["width"].astype(np.int64)
    images = ImageTable(
        paths, rows["format"].copy(), height, width, rows["grey"].astype(np.bool_), rows["orientation"].copy()
    )
    return images, KnownFiles(paths, rows["size"].copy(), rows["modified"].copy(), rows["sha256"].tobytes())


class _Look:
    """A look at files, by several processes.

    Args:
        texts: paths of the files.
        decode: whether the pixels are looked at too.
    """

    def __init__(self, texts: Sequence[str], *, decode: bool) -> None:
        self._texts, self._decode = texts, decode
        self._whole = total_size(texts) <= WHOLE
        self._memory = shared(len(texts) * _ROW.itemsize)
        self.rows = np.frombuffer(self._memory, _ROW, len(texts))

    def fill(self, start: int, stop: int) -> list[DataError]:
        """Fill the rows of files that are not filled yet; says what is wrong with those that stay empty."""
        wrong = []
        for place in range(start, stop):
            at = place * _ROW.itemsize
            if not self._memory[at]:
                found = _row(self._texts[place], whole=self._whole, decode=self._decode)
                if isinstance(found, DataError):
                    wrong.append(found)
                else:
                    self._memory[at + 1 : at + _ROW.itemsize] = found[1:]
                    self._memory[at] = found[0]  # last: a process that is killed leaves no row that is half filled
        return wrong

    def finish(self) -> list[DataError]:
        """Fill the rows that are still empty, in threads; says what is wrong with those that stay so, in order."""
        groups = np.unique(np.flatnonzero(self.rows["done"] == 0) // _GROUP) * _GROUP
        with ThreadPoolExecutor(cores()) as pool:
            found = pool.map(lambda start: self.fill(start, min(start + _GROUP, len(self._texts))), groups.tolist())
            return [error for wrong in found for error in wrong]


def _row(text: str, *, whole: bool, decode: bool) -> bytes | DataError:
    """What is known of the file at a path, or what is wrong with it."""
    try:
        size, modified, digest, content = _file(text, whole=whole)
    except OSError as error:
        return unreadable(Path(text), error)
    plain = jpeg_header(content) if content is not None and not decode else None
    if plain is not None and plain[0] * plain[1] <= MOST_PIXELS:  # without any object, which would take as long again
        height, width, grey = plain
        return _PACKED.pack(1, _JPEG, grey, 1, height, width, size, modified, digest)
    image = looked_at(Path(text), content, decode=decode)
    if isinstance(image, DataError):
        return image
    form, grey, turned = FORMATS.index(image.format), image.grey, image.orientation
    return _PACKED.pack(1, form, grey, turned, image.height, image.width, size, modified, digest)


def _file(text: str, *, whole: bool) -> tuple[int, int, bytes, bytes | None]:
    """Size, time of change, SHA-256 and content of a file; without the content where it is not held in memory."""
    if whole:
        content, now = file_content(text, _LARGE)
        if content is not None:
            return now.st_size, now.st_mtime_ns, hashlib.sha256(content).digest(), content
    facts = file_facts(Path(text)) if whole else outside(Path(text))
    return facts.size, facts.modified, bytes.fromhex(facts.sha256), None
