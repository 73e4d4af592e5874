"""Rows of a Parquet file, many at a time."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from runner.errors import DataError

_ROWS = 1 << 16


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
        DataError: the file is broken.
    """
    yield from until_broken(_opened(path).iter_batches(batch_size=_ROWS), path)


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
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path.name} cannot be read after row {rows:,}: {error}") from error


def _opened(path: Path) -> Any:
    try:
        return parquet.ParquetFile(path, memory_map=True)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path.name} is not a Parquet file that can be read: {error}") from error
