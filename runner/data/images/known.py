"""Image files that are read once: for what they hold, to notice a change, and for what their headers say."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from runner.data.files import FileFacts, file_content, file_facts, outside, whole
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
    contents, decode = whole(paths), on_error == "skip"

    def group(start: int) -> list[_Known]:
        return [_known(path, contents, decode) for path in paths[start : start + _GROUP]]

    with quiet(), ThreadPoolExecutor(cores()) as pool:
        found = [each for part in pool.map(group, range(0, len(paths), _GROUP)) for each in part]
    images = together([image for image, _ in found], on_error)
    return images, tuple(file for _, file in found if file is not None)


def _known(path: Path, contents: bool, decode: bool) -> _Known:
    try:
        if not contents:
            content, file = None, outside(path)
        elif path.stat().st_size > _LARGE:
            content, file = None, file_facts(path)
        else:
            file, content = file_content(path)
    except OSError as error:
        return unreadable(path, error), None
    image = looked_at(path, content, decode=decode)
    return image, file if isinstance(image, ImageFacts) else None
