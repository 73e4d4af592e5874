"""Pixels of the images that a table's columns name, read by the positions of rows."""

from collections.abc import Callable, Iterator
from itertools import tee

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import Examples
from runner.data.splits.shares import Indices
from runner.data.statistics.image_treatment import DECODED_FIT, FittedImage
from runner.data.tabular.error_keys import column_place, reported_at
from runner.data.tabular.image_rows import Beside, ImageRows
from runner.data.tabular.prepared import PreparedTable

_BLOCK = 256
"""Rows whose images are decoded together where all go into memory."""


def with_pixels(prepared: PreparedTable, rows: Indices, numbers: Examples) -> ImageRows:
    """Rows in memory with the pixels of their images.

    Args:
        prepared: the table.
        rows: positions of the rows.
        numbers: what else they have.

    Raises:
        DataError: an image cannot be read or decoded, or has changed; its row is named.
    """
    pixels = np.empty((len(rows), prepared.pixels), np.uint8)
    starts = range(0, len(rows), _BLOCK)
    blocks = pixel_blocks(prepared, (rows[start : start + _BLOCK] for start in starts))
    for start, block in zip(starts, blocks, strict=True):
        pixels[start : start + _BLOCK] = block
    return ImageRows(Beside(numbers.x, pixels), numbers.y, numbers.weight)


def beside_pixels(
    prepared: PreparedTable, blocks: Iterator[Indices], numbers: Callable[[Iterator[Indices]], Iterator[Examples]]
) -> Iterator[Examples]:
    """Each block of rows with the pixels of its images behind its numbers, in float32.

    Args:
        prepared: the table.
        blocks: positions of the rows that come together; there may be no end of them.
        numbers: reads what else the rows of each block have.

    Raises:
        DataError: as of :func:`with_pixels`.
    """
    own, others = tee(blocks)
    for part, pixels in zip(numbers(own), pixel_blocks(prepared, others), strict=True):
        yield ImageRows(Beside(part.x, pixels), part.y, part.weight).apart()


def pixel_blocks(prepared: PreparedTable, blocks: Iterator[Indices]) -> Iterator[NDArray[np.uint8]]:
    """The pixels of each block of rows, of all its images beside one another: shape ``(n, pixels)``.

    Args:
        prepared: the table.
        blocks: positions of the rows that come together; there may be no end of them.

    Raises:
        DataError: as of :func:`with_pixels`.
    """
    images = prepared.images
    each = [column_pixels(prepared, image, own) for image, own in zip(images, tee(blocks, len(images)), strict=True)]
    for of_columns in zip(*each, strict=True):
        yield np.concatenate([pixels.reshape(len(pixels), -1) for pixels in of_columns], axis=1)


def column_pixels(
    prepared: PreparedTable, image: FittedImage, blocks: Iterator[Indices]
) -> Iterator[NDArray[np.uint8]]:
    """The images of a column for each block of rows, of the shape ``(n, height, width, channels)``.

    Args:
        prepared: the table.
        image: of the column.
        blocks: positions of the rows that come together; there may be no end of them.

    Raises:
        DataError: as of :func:`with_pixels`.
    """
    from runner.data.pixels.images import Images
    from runner.data.pixels.parallel_decoding import decoded_blocks

    found = image.found

    def called(place: int) -> str:
        row = prepared.facts.called(found.row(place))
        return f"{row}, column {image.name!r}: {found.images.name(place)}"

    how = DECODED_FIT[image.fit or "crop"]  # where it says nothing all have the size already
    images = Images(
        found.images, image.shape[2], image.shape[:2], how, found.files, called, "fix it, or remove the row"
    )
    with reported_at(column_place(image.name)):
        for _, pixels in decoded_blocks(images, image.shape, (found.places[rows] for rows in blocks)):
            yield pixels
