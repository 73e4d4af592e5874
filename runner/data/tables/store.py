"""A table in a file of Arrow's, mapped into memory: any row by its position, in memory that the system can spare.

Why a file and not arrays: a table of 5 million rows and 50 columns is 2 GB as float64, its texts more. The
system takes back pages of a mapped file that are not in use, and the next run on the same content finds it ready.
"""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from runner.data.files import check_unchanged
from runner.data.tables.column_values import Values, dates, numbers, with_missing
from runner.data.tables.columns import Column, TableFacts
from runner.data.tables.scan import value_error
from runner.data.tables.seen import Place
from runner.data.tables.source import TableFiles
from runner.data.tables.table import Table
from runner.disk.atomic import replacing
from runner.errors import DataError
from runner.hardware.cores import cores

_FORM = 1
"""Of the stored file; a new one makes the old files unused."""


def stored_table(facts: TableFacts, folder: Path) -> Table:
    """The table from the folder's cache, which is filled where it lacks the table.

    Args:
        facts: of the table; files that no longer hold what they say are refused.
        folder: of the cache; it is made where there is none.

    Raises:
        DataError: a file has changed, or the cache cannot be written.
    """
    check_unchanged(facts.files)
    path = folder / f"{_key(facts)}.arrow"
    if not _usable(path, len(facts)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with replacing(path) as temporary:
                _write(facts, temporary)
        except OSError as error:
            raise DataError(f"the table cannot be stored in {folder}: {error.strerror or error}") from error
    return Table(path, facts)


def _key(facts: TableFacts) -> str:
    """SHA-256 of what the files hold and of how they are read."""
    columns = [[column.name, column.type, column.storage, column.words] for column in facts.columns]
    options = [
        facts.options.missing,
        sorted(facts.options.date_formats.items()),
        facts.options.delimiter,
        astuple(facts.options.numbers),
    ]
    said = json.dumps([_FORM, facts.sha256, facts.rows, columns, options])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _usable(path: Path, rows: int) -> bool:
    """Whether the file is there, whole, and of as many rows."""
    try:
        with pa.memory_map(str(path)) as file:
            found = pa.ipc.open_file(file)
            found_rows = (int(found.get_batch(i).num_rows) for i in range(found.num_record_batches))
            return sum(found_rows) == rows
    except (FileNotFoundError, NotADirectoryError, pa.ArrowInvalid):
        return False


def _write(facts: TableFacts, path: Path) -> None:
    kept = [column for column in facts.columns if column.type != "ignore"]
    schema = pa.schema([(column.name, pa.type_for_alias(column.storage)) for column in kept])
    rows = 0
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, schema) as writer:
        for batch in _converted(facts, kept, schema):
            writer.write_batch(batch)
            rows += batch.num_rows
    check_unchanged(facts.files)
    if rows != len(facts):
        raise DataError(f"{facts.files[0].path.name} had {len(facts):,} rows and has {rows:,} now")


def _converted(facts: TableFacts, kept: list[Column], schema: Any) -> Iterator[Any]:
    files = TableFiles([file.path for file in facts.files], facts.options)
    convert = _Conversion(facts)
    with ThreadPoolExecutor(cores()) as pool:
        for number, first, batch in files.batches():
            found = list(pool.map(convert, kept, [batch.column(column.name) for column in kept]))
            for column, values in zip(kept, found, strict=True):
                if values.fault is not None:
                    check_unchanged(facts.files, read=True)
                    place = Place(number, first + values.fault.row + 1, values.fault.reason)
                    raise value_error(files, column.name, place, 0)
            arrays = [values.array.cast(field.type) for values, field in zip(found, schema, strict=True)]
            yield pa.record_batch(arrays, schema=schema)


class _Conversion:
    """A batch of a column as it is kept."""

    def __init__(self, facts: TableFacts) -> None:
        self._missing = pa.array(facts.options.missing, pa.string())
        self._forms, self._numbers = facts.options.date_formats, facts.options.numbers
        self._words = {column.name: pa.array(column.words, pa.string()) for column in facts.columns}

    def __call__(self, column: Column, batch: Any) -> Values:
        array = with_missing(batch, self._missing)
        if column.type == "number":
            return numbers(array, self._numbers)
        if column.type == "date":
            return dates(array, self._forms.get(column.name))
        text = array.cast(pa.string())
        coded = column.type in ("category", "binary")
        return Values(pc.index_in(text, value_set=self._words[column.name]) if coded else text)
