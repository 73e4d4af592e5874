"""Image files that are read once: for what they hold, to notice a change, and for what their headers say."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from runner.data.files import WHOLE, FileFacts, file_content, file_facts, outside, sizes_of
from runner.data.images.facts import ImageFacts, quiet, unreadable
from runner.data.images.many import ImagesFacts, OnError, looked_at, together
from runner.errors import DataError
from runner.hardware.cores import cores

_GROUP = 64
"""Files that a thread takes at a time: asking another thread costs more than a small file."""
_LARGE = 64 << 20
"""Bytes from which on a file is not held in memory whole."""

_Known = tuple[ImageFacts | DataError, FileFacts | None]


def known_images(paths: Sequence[Path], on_error: OnError) -> tuple[ImagesFacts, tuple[FileFacts, ...]]:
    """Headers of images, and the facts of the files of those that can be read.

    Args:
        paths: of the files.
        on_error: whether a file that is no image ends it, or is left out and listed.

    Raises:
        DataError: as of :func:`runner.data.images.many.images_facts`, or a file changes while it is read.
    """
    sizes, decode = sizes_of(paths), on_error == "skip"
    look = _known if sum(sizes) <= WHOLE else _unread

    def group(start: int) -> list[_Known]:
        places = range(start, min(start + _GROUP, len(paths)))
        return [look(paths[k], sizes[k], decode) for k in places]

    with quiet(), ThreadPoolExecutor(cores()) as pool:
        found = [each for part in pool.map(group, range(0, len(paths), _GROUP)) for each in part]
    images = together([image for image, _ in found], on_error)
    return images, tuple(file for _, file in found if file is not None)


def _known(path: Path, size: int, decode: bool) -> _Known:
    """An image and its file, whose content is hashed."""
    try:
        file, content = file_content(path) if size <= _LARGE else (file_facts(path), None)
    except OSError as error:
        return unreadable(path, error), None
    return _kept(looked_at(path, content, decode=decode), file)


def _unread(path: Path, _: int, decode: bool) -> _Known:
    """An image and its file, of which size and time of change are known."""
    try:
        file = outside(path)
    except OSError as error:
        return unreadable(path, error), None
    return _kept(looked_at(path, decode=decode), file)


def _kept(image: ImageFacts | DataError, file: FileFacts) -> _Known:
    return image, file if isinstance(image, ImageFacts) else None
