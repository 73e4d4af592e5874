"""Columns of a CSV or Parquet file as texts, for sources that need a few of them whole."""

from collections.abc import Sequence
from pathlib import Path

from runner.data.tables.columns import TableOptions
from runner.data.tables.source import TableFiles
from runner.diagnostics.spelling import suggest
from runner.errors import DataError


def read_strings(path: Path, columns: Sequence[str]) -> dict[str, list[str]]:
    """Values of the named columns in the rows' order; one that is missing is the empty text.

    Raises:
        DataError: a column is not there, a row is broken, or there is no row.
    """
    files = TableFiles([path], TableOptions())
    for name in columns:
        if name not in files.names:
            meant = suggest(name, files.names)
            help = [f"did you mean {meant!r}?"] if meant else []
            has = ", ".join(map(repr, files.names))
            raise DataError(f"column {name!r} not found in {path.name}; it has {has}", *help)
    found: dict[str, list[str]] = {name: [] for name in columns}
    for _, _, batch in files.batches():
        for name, values in found.items():
            values += ["" if value is None else str(value) for value in batch.column(name).to_pylist()]
    if not found[columns[0]]:
        raise DataError(f"{path.name} has no rows")
    return found
