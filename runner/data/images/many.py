"""What the headers of many images say together."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Literal

from runner.data.images.facts import ImageFacts, decodes, facts_of, quiet
from runner.data.images.held import ImageFile
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
    if bad and (on_error == "fail" or not good):
        raise bad[0]
    if not good:
        raise DataError("there is no image")
    return ImagesFacts(tuple(f for _, f in good), tuple(p for p, _ in good), tuple(str(error) for error in bad))


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
