"""The images that a table's columns name: which files they are, and what their headers say."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from runner.data.images.facts import quiet
from runner.data.images.image_files import image_file
from runner.data.images.known import known_images
from runner.data.images.many import ImagesFacts, looked_at
from runner.data.known_files import KnownFiles
from runner.data.path_list import Paths
from runner.data.pixels.jpeg import JPEG_DECODER
from runner.data.splits.shares import Indices
from runner.data.statistics.image_treatment import ColumnImages, FittedImage, ImageTreatment
from runner.data.tables.columns import TableFacts
from runner.data.tables.table import Table
from runner.data.tabular.error_keys import column_place, reported_at
from runner.errors import DataError


def fit_images(table: Table, used: Indices, treatments: Mapping[str, ImageTreatment]) -> dict[str, FittedImage]:
    """Look at the files of columns of images, each once.

    Args:
        table: that has the rows.
        used: positions of the rows that are used.
        treatments: of columns of images, by their names.

    Raises:
        DataError: a row has no path, or one of a file that is no image or lies elsewhere; it names the row.
    """
    found = {}
    for name, treatment in treatments.items():
        with reported_at(column_place(name)):
            found[name] = _fitted(table, used, name, treatment)
    return found


def _fitted(table: Table, used: Indices, name: str, treatment: ImageTreatment) -> FittedImage:
    paths, places = _files(table, used, name)
    headers, files = _looked_at(table.facts, name, paths, used, places)
    height, width = treatment.size or _size(headers)
    grey = headers.grey if treatment.color is None else treatment.color == "grey"
    of_rows = np.full(len(table), -1, np.int64)
    of_rows[used] = places
    digest = hashlib.sha256(JPEG_DECODER.encode() if headers.images.has("JPEG") else b"")
    digest.update(files.digests)
    digest.update(np.ascontiguousarray(places).data.cast("B"))
    return FittedImage(
        name,
        (height, width, 1 if grey else 3),
        treatment.fit if treatment.size is not None else None,
        treatment.scaled,
        treatment.missing == "drop",
        digest.hexdigest(),
        ColumnImages(headers.images, files, of_rows),
    )


def _files(table: Table, used: Indices, name: str) -> tuple[Paths, Indices]:
    """Files of the column, each once, and the place of each row's among them."""
    numbers: dict[tuple[Path, str | None], int] = {}
    files: dict[Path, int] = {}
    places = []
    values = table.take(used, [name])[name]
    for row, folder, value in zip(used.tolist(), _folders(table, used), values, strict=True):
        place = numbers.get((folder, value))
        if place is None:
            path = _file(value, folder, f"{table.facts.called(row)}, column {name!r}")
            place = numbers[folder, value] = files.setdefault(path, len(files))
        places.append(place)
    return Paths.of(files), np.array(places, np.int64)


def _folders(table: Table, used: Indices) -> Iterator[Path]:
    """The folder of the file that has a row, from which its paths start."""
    folders = [file.path.parent.resolve() for file in table.facts.files]
    return (folders[file] for file in table.files_of(used).tolist())


def _file(value: str | None, folder: Path, where: str) -> Path:
    if value is None:
        raise DataError(f"{where}: no path", "remove the row, or write `missing: drop` for the column")
    return image_file(value, folder, where)


def _looked_at(
    facts: TableFacts, name: str, paths: Sequence[Path], used: Indices, places: Indices
) -> tuple[ImagesFacts, KnownFiles]:
    try:
        return known_images(paths, "fail")
    except DataError as error:
        with quiet():
            for place, path in enumerate(paths):
                wrong = looked_at(path, decode=False)
                if isinstance(wrong, DataError):
                    row = int(used[int(np.argmax(places == place))])
                    raise DataError(f"{facts.called(row)}, column {name!r}: {wrong}", *wrong.help) from error
        raise


def _size(headers: ImagesFacts) -> tuple[int, int]:
    try:
        return headers.size()
    except DataError as error:
        help = "write `size: [height, width]` for the column, and `fit: crop`, `pad` or `stretch`"
        raise DataError(str(error), help) from error
