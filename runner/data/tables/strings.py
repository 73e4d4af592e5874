"""Columns of a CSV or Parquet file as texts, for sources that need a few of them whole."""

from collections.abc import Mapping
from pathlib import Path

from runner.data.tables.columns import TableOptions
from runner.data.tables.source import TableFiles
from runner.diagnostics.spelling import suggest
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
        if name not in files.names:
            meant = suggest(name, files.names)
            help = [f"did you mean {meant!r}?"] if meant else []
            has = ", ".join(map(repr, files.names))
            raise DataError(f"column {name!r} not found in {path.name}; it has {has}", *help, path=place)
    found: dict[str, list[str]] = {name: [] for name in columns}
    for _, _, batch in files.batches():
        for name, values in found.items():
            values += ["" if value is None else str(value) for value in batch.column(name).to_pylist()]
    if not all(found.values()):
        raise DataError(f"{path.name} has no rows")
    return found
