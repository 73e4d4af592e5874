"""Images that a column of a table names, decoded as in training."""

from pathlib import Path

import numpy as np

from runner.data.images.facts import ImageFacts, facts_of, quiet
from runner.data.images.image_files import image_file
from runner.data.images.table import ImageTable
from runner.data.pixels.images import Images
from runner.data.statistics.image_treatment import DECODED_FIT
from runner.errors import DataError
from runner.inference.inputs.taken import Array, TakenPixels


def pixels_of(values: Array, taken: TakenPixels, table: Path, column: str, first: int, *, missing: bool) -> Array:
    """Pixels from 0 to 255, shape ``(n, height, width, channels)``; NaN where a row has no path and may lack it.

    Args:
        values: paths from the table's folder, shape ``(n,)``.
        taken: what the model takes.
        table: the file that has them.
        column: that has them.
        first: number of the first row, from 0.
        missing: whether a row may have no path, because it is not predicted.

    Raises:
        DataError: a path is none, or of a file that is no image or of another size; its row is named.
    """
    there = np.flatnonzero(values != "") if missing else np.arange(len(values))
    names = [f"{table.name}: row {first + place + 1:,}, column {column!r}" for place in there.tolist()]
    root = table.parent.resolve()
    pixels = np.full((len(values), *taken.shape), np.nan, np.float32)
    with quiet():
        files = [image_file(values[place], root, name) for place, name in zip(there, names, strict=True)]
        headers = [_facts(file, taken, name) for file, name in zip(files, names, strict=True)]
    fit = taken.fit or "crop"
    images = Images(
        ImageTable.of(headers),
        taken.shape[2],
        taken.shape[:2],
        DECODED_FIT[fit],
        called=lambda place: f"{names[place]}: {files[place].name}",
        help="fix it, or remove the row",
    )
    if len(there):
        pixels[there] = images.take(np.arange(len(there)))
    return pixels


def _facts(file: Path, taken: TakenPixels, name: str) -> ImageFacts:
    try:
        found = facts_of(file)
    except DataError as error:
        raise DataError(f"{name}: {error}", *error.help) from error
    if taken.fit is None and (found.height, found.width) != taken.shape[:2]:
        raise DataError(
            f"{name}: {file.name} has {found.height} × {found.width} pixels; the model takes {taken.shape[0]} × "
            f"{taken.shape[1]} (height × width)",
            "resize it as in training, or train with `size` for the column",
        )
    return found
