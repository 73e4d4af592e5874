"""Facts of many images, in columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from runner.data.images.facts import FORMATS, ImageFacts
from runner.data.images.held import ImageFile, called


@dataclass(frozen=True, eq=False)
class ImageTable(Sequence[ImageFacts]):
    """Facts of images in a row, each put together when it is asked for.

    Attributes:
        files: that hold them.
        formats: places in :data:`~runner.data.images.facts.FORMATS`, uint8.
        heights: int64.
        widths: int64.
        grey: bool.
        orientations: of EXIF, uint8.
    """

    files: Sequence[ImageFile]
    formats: NDArray[np.uint8]
    heights: NDArray[np.int64]
    widths: NDArray[np.int64]
    grey: NDArray[np.bool_]
    orientations: NDArray[np.uint8]

    @classmethod
    def of(cls, images: Iterable[ImageFacts]) -> "ImageTable":
        """The same facts."""
        held = images if isinstance(images, Sequence) else list(images)
        return cls(
            [image.file for image in held],
            np.array([FORMATS.index(image.format) for image in held], np.uint8),
            np.array([image.height for image in held], np.int64),
            np.array([image.width for image in held], np.int64),
            np.array([image.grey for image in held], np.bool_),
            np.array([image.orientation for image in held], np.uint8),
        )

    def __len__(self) -> int:
        return len(self.files)

    @overload
    def __getitem__(self, place: int) -> ImageFacts: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[ImageFacts]: ...
    def __getitem__(self, place: int | slice) -> ImageFacts | Sequence[ImageFacts]:
        if isinstance(place, slice):
            return [self[k] for k in range(len(self))[place]]
        return ImageFacts(
            self.files[place],
            FORMATS[self.formats[place]],
            int(self.heights[place]),
            int(self.widths[place]),
            bool(self.grey[place]),
            int(self.orientations[place]),
        )

    def name(self, place: int) -> str:
        """An image in messages."""
        return called(self.files[place])

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Height and width of each, of the shape ``(n, 2)``."""
        return np.stack([self.heights, self.widths], axis=1)

    def has(self, form: str) -> bool:
        """Whether an image is of a format."""
        return bool((self.formats == FORMATS.index(form)).any())

    def all_are(self, form: str) -> bool:
        """Whether all images are of a format."""
        return bool((self.formats == FORMATS.index(form)).all())
