"""Rows of a file in Arrow's IPC format, as Hugging Face's ``save_to_disk`` writes it: mapped, not copied."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from runner.data.tables.parquet_batches import until_broken, with_distinct_names
from runner.errors import DataError

_FILE = b"ARROW1"
"""How a file with a table of contents begins; a stream has none."""


def arrow_schema(path: Path) -> Any:
    """The columns with their types, and what was said of them.

    Raises:
        DataError: it is not a file of Arrow's, or two columns have one name.
    """
    return with_distinct_names(_opened(path)[0], path)


def arrow_batches(path: Path) -> Iterator[Any]:
    """Record batches, in the types of the file.

    Raises:
        DataError: the file is broken.
    """
    yield from until_broken(map(_validated, _opened(path)[1]), path)


def _validated(batch: Any) -> Any:
    batch.validate(full=True)  # a stranger's file may have places beyond its end
    return batch


def _opened(path: Path) -> tuple[Any, Iterator[Any]]:
    """The schema and the batches."""
    try:
        source = pa.memory_map(str(path))
        if source.read(len(_FILE)) == _FILE:
            file = pa.ipc.open_file(source)
            return file.schema, (file.get_batch(number) for number in range(file.num_record_batches))
        source.seek(0)
        stream = pa.ipc.open_stream(source)
        return stream.schema, iter(stream)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path.name} is not an Arrow file that can be read: {error}") from error
