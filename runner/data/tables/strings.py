"""Columns of a CSV or Parquet file as texts, for sources that need a few of them whole."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from runner.data.tables.columns import TableOptions, check_columns
from runner.data.tables.source import TableFiles
from runner.errors import DataError, KeyPath


def read_strings(path: Path, columns: Mapping[str, KeyPath], file: KeyPath) -> dict[str, list[str]]:
    """Values of the named columns in the rows' order; one that is missing is the empty text.

    Args:
        path: The file.
        columns: The columns, each with the key that names it.
        file: The key that names the file.

    Raises:
        DataError: a column does not exist, a row is broken, or there is no row.
    """
    try:
        return _read(path, columns)
    except DataError as error:
        raise DataError(str(error), *error.help, path=error.path if error.path in columns.values() else file) from error


def _read(path: Path, columns: Mapping[str, KeyPath]) -> dict[str, list[str]]:
    files = TableFiles([path], TableOptions())
    for name, place in columns.items():
        try:
            check_columns([name], files.names, path.name)
        except DataError as error:
            error.at(place)
            raise
    found = columns_as_texts(files, columns)
    if not all(found.values()):
        raise DataError(f"{path.name} has no rows")
    return found


def columns_as_texts(files: TableFiles, columns: Iterable[str]) -> dict[str, list[str]]:
    """All values of columns, which are there, in the rows' order."""
    found: dict[str, list[str]] = {name: [] for name in columns}
    for _, _, batch in files.batches():
        for name, values in found.items():
            values += texts_of(batch.column(name))
    return found


def texts_of(column: Any) -> list[str]:
    """Values of a column of Arrow's; one that is missing is the empty text."""
    return ["" if value is None else str(value) for value in column.to_pylist()]
