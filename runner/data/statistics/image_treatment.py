"""How images that a table's column names reach the model: as their pixels, all of one size."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from runner.data.splits.shares import Indices

if TYPE_CHECKING:  # most tables have no images, and need no Pillow
    from runner.data.images.table import ImageTable
    from runner.data.known_files import KnownFiles

ImageFit = Literal["crop", "pad", "stretch"]
"""What is done where an image's shape is another, as a recipe calls it."""
DECODED_FIT: dict[ImageFit, Literal["fit", "crop", "pad"]] = {"crop": "crop", "pad": "pad", "stretch": "fit"}
"""The same as the decoder calls it."""
WHITE = 255.0
"""Largest value of a pixel."""


@dataclass(frozen=True)
class ImageTreatment:
    """What a recipe asks for.

    Attributes:
        size: height and width; None: those that all images have.
        fit: what is done where an image's shape is another.
        color: whether images are grey or have colours; None: grey if none has colours.
        scaled: whether pixels are divided by 255.
        missing: ``refuse``: a row without a path is an error; ``drop``: it is not used.
    """

    size: tuple[int, int] | None
    fit: ImageFit
    color: Literal["grey", "rgb"] | None
    scaled: bool
    missing: Literal["refuse", "drop"]


@dataclass(frozen=True, eq=False)
class ColumnImages:
    """The images of a column, each file once.

    Attributes:
        images: what their headers say.
        files: that hold them.
        places: of each row of the table the place of its image; −1 of rows that are not used.
    """

    images: "ImageTable"
    files: "KnownFiles"
    places: Indices

    def row(self, place: int) -> int:
        """The first row of the table that has an image."""
        return int(np.argmax(self.places == place))


@dataclass(frozen=True)
class FittedImage:
    """What is known of a column of images.

    Attributes:
        name: of the column.
        shape: height, width and channels, as the model sees them.
        fit: what is done where an image's shape is another; None: all images have this one.
        scaled: whether pixels are divided by 255.
        needed: whether rows without an image are dropped.
        sha256: of the images of all rows that are used, and of how they are decoded.
        found: the images themselves.
    """

    name: str
    shape: tuple[int, int, int]
    fit: ImageFit | None
    scaled: bool
    needed: bool
    sha256: str
    found: ColumnImages = field(repr=False, compare=False)

    @property
    def size(self) -> int:
        """Number of values of an image."""
        return math.prod(self.shape)
