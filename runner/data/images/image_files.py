"""Which image files a source means."""

from collections.abc import Sequence
from pathlib import Path

from runner.data.folders import Folders, class_folders
from runner.data.images.facts import ENDINGS
from runner.errors import DataError


def image_folders(folder: Path) -> Folders:
    """Images in a folder a class, or in ``train``, ``validation`` and ``test`` with folders of classes.

    Raises:
        DataError: as of :func:`runner.data.folders.class_folders`.
    """
    return class_folders(folder, ENDINGS)


def images_of_column(values: Sequence[str | None], folder: Path, table: str, column: str) -> list[Path]:
    """Image files that a column of a table names.

    Args:
        values: of each row: paths from the folder.
        folder: that they start from, and do not leave.
        table: name of the table's file.
        column: name of the column.

    Raises:
        DataError: a row has no path, one that leaves the folder, or one of a file that is not there.
    """
    root = folder.resolve()
    return [image_file(value, root, f"{table}: row {row:,}, column {column!r}") for row, value in enumerate(values, 1)]


def image_file(value: str | None, root: Path, where: str) -> Path:
    """The file that a path means.

    Args:
        value: the path, from the folder.
        root: the folder, without links, which it does not leave.
        where: the row and its column, for errors.

    Raises:
        DataError: there is no path, or it leaves the folder, or there is no such file.
    """
    if not value:
        raise DataError(f"{where}: no path", "remove the row")
    try:
        path = (root / value).resolve()
        there = path.is_file()
    except (OSError, ValueError) as error:
        raise DataError(f"{where}: {value!r} is not a path: {error}") from error
    if not path.is_relative_to(root):
        raise DataError(f"{where}: {value!r} leaves {root.name}", "write paths from the folder of the table on")
    if not there:
        raise DataError(f"{where}: {value!r}: no such file", f"the path starts from {root}")
    return path
