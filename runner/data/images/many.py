"""What the headers of many images say together."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from runner.data.images.facts import ImageFacts, decodes, facts_of, quiet
from runner.data.images.held import ImageFile
from runner.data.images.table import ImageTable
from runner.errors import DataError
from runner.hardware.cores import cores

OnError = Literal["fail", "skip"]
"""Whether a file that is no image ends it, or is left out and listed."""


@dataclass(frozen=True)
class ImagesFacts:
    """Images together.

    Attributes:
        images: those that can be read, in their order.
        places: of these among the files that were asked for.
        skipped: what is said of the others.
    """

    images: ImageTable
    places: tuple[int, ...]
    skipped: tuple[str, ...]

    @property
    def grey(self) -> bool:
        """Whether none has colours."""
        return bool(self.images.grey.all())

    def size(self) -> tuple[int, int]:
        """Height and width that all have.

        Raises:
            DataError: they differ.
        """
        sizes, first = self.images.sizes, self.images[0]
        others = np.flatnonzero((sizes != sizes[0]).any(axis=1))
        if others.size:
            image = self.images[int(others[0])]
            raise DataError(
                f"images are of different sizes: {first.name} has {first.height} × {first.width}, "
                f"{image.name} has {image.height} × {image.width}",
                "give a size: [height, width], and fit, crop or pad",
            )
        return first.height, first.width


def images_facts(paths: Sequence[ImageFile], on_error: OnError = "fail") -> ImagesFacts:
    """Read the headers of many images, on all cores.

    Args:
        paths: of the files.
        on_error: whether a file that is no image ends it, or is left out and listed.

    Raises:
        DataError: as of :func:`runner.data.images.facts.facts_of`, or no image is left.
    """
    with quiet(), ThreadPoolExecutor(cores()) as pool:
        return together(list(pool.map(partial(looked_at, decode=on_error == "skip"), paths)), on_error)


def together(found: Sequence[ImageFacts | DataError], on_error: OnError) -> ImagesFacts:
    """Images that were looked at.

    Raises:
        DataError: of the first that is none, where it ends it; or no image is left.
    """
    good = [(place, facts) for place, facts in enumerate(found) if isinstance(facts, ImageFacts)]
    bad = [error for error in found if isinstance(error, DataError)]
    require_images(len(found), bad, on_error)
    return ImagesFacts(
        ImageTable.of(facts for _, facts in good), tuple(place for place, _ in good), tuple(map(str, bad))
    )


def require_images(asked: int, wrong: Sequence[DataError], on_error: OnError) -> None:
    """Whether images are left, and all of them where one that is none ends it.

    Args:
        asked: number of files.
        wrong: what is said of those that are no images, in their order.
        on_error: whether such a file ends it.

    Raises:
        DataError: of the first that is none, where it ends it; or no image is left.
    """
    if wrong and (on_error == "fail" or len(wrong) == asked):
        raise wrong[0]
    if not asked:
        raise DataError("there is no image")


def looked_at(path: ImageFile, content: bytes | None = None, *, decode: bool) -> ImageFacts | DataError:
    """Facts of an image, or what is wrong with it.

    Args:
        path: of the file.
        content: its bytes; None: they are read.
        decode: the pixels too, once: a header tells nothing of a file that was cut.
    """
    try:
        found = facts_of(path, content)
    except DataError as error:
        return error
    fault = decodes(path, content) if decode else None
    return found if fault is None else DataError(fault)
