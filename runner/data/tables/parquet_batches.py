"""Rows of a Parquet file, many at a time."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from runner.errors import DataError

_ROWS = 1 << 16
_ERRORS = (pa.ArrowException, OSError)
_ANEW = "copy the file again, or write it again"


def parquet_schema(path: Path) -> Any:
    """The columns with their types, from the file's metadata.

    Raises:
        DataError: it is not a Parquet file, or two columns have one name.
    """
    return with_distinct_names(_opened(path).schema_arrow, path)


def with_distinct_names(schema: Any, path: Path) -> Any:
    """The schema of a file.

    Raises:
        DataError: two columns have one name.
    """
    names = schema.names
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"{path.name}: two columns are named {twice!r}", "rename one")
    return schema


def parquet_batches(path: Path) -> Iterator[Any]:
    """Record batches, in the types of the file.

    Raises:
        DataError: the file is broken; its first row group and column that cannot be read are named.
    """
    file = _opened(path)
    try:
        yield from until_broken(file.iter_batches(batch_size=_ROWS), path)
    except DataError as error:
        raise _broken_at(file, path) or error from error


def until_broken(batches: Iterable[Any], path: Path) -> Iterator[Any]:
    """Record batches of a file, one after another.

    Raises:
        DataError: the file cannot be read on, with the number of rows that could.
    """
    rows = 0
    try:
        for batch in batches:
            yield batch
            rows += batch.num_rows
    except _ERRORS as error:
        raise DataError(f"{path.name} cannot be read after row {rows:,}: {_said(error)}", _ANEW) from error


def _broken_at(file: Any, path: Path) -> DataError | None:
    """The first column of a row group that cannot be read by itself; each is read once more, one at a time."""
    first = 0
    for group in range(file.num_row_groups):
        last = first + file.metadata.row_group(group).num_rows
        for name in file.schema_arrow.names:
            try:
                file.read_row_group(group, columns=[name])
            except _ERRORS as error:
                return DataError(
                    f"{path.name}: row group {group + 1:,} of {file.num_row_groups:,} "
                    f"(rows {first + 1:,} to {last:,}), column {name!r} cannot be read: {_said(error)}",
                    f"{_ANEW}; the {first:,} rows before can be read",
                )
        first = last
    return None


def _said(error: Exception) -> str:
    """What Arrow says, in one line."""
    return " ".join(str(error).replace("\\n", " ").split())


def _opened(path: Path) -> Any:
    try:
        return parquet.ParquetFile(path, memory_map=True, page_checksum_verification=True)
    except _ERRORS as error:
        raise DataError(
            f"{path.name} is not a Parquet file that can be read: {_said(error)}",
            f"its end, which says where its columns lie, is missing or damaged; {_ANEW}",
        ) from error
