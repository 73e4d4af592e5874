"""Facts of a table: every row is looked at once, and none is kept."""

from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from runner.data.files import check_unchanged, file_facts
from runner.data.tables.column_values import with_missing
from runner.data.tables.columns import Column, TableFacts, TableOptions, check_columns
from runner.data.tables.hints import hint
from runner.data.tables.infer import column_of
from runner.data.tables.seen import Place, Seen
from runner.data.tables.source import TableFiles
from runner.errors import DataError
from runner.hardware.cores import cores

_SAMPLE = 100
"""Different values of a column by which it is told what they are meant to be."""


def table_facts(paths: list[Path], options: TableOptions | None = None) -> TableFacts:
    """Look at every row of a table once, a block of the file at a time.

    Args:
        paths: CSV and Parquet files with the same columns, in the rows' order.
        options: how they are read.

    Raises:
        DataError: a file cannot be read, a row is broken, or a value is not of its column's type; it names the place.
    """
    options = options or TableOptions()
    files = TableFiles(paths, options)
    check_columns([*options.types, *options.date_formats], files.names, paths[0].name)
    files.check_kinds([*options.types, *options.date_formats])
    known = tuple(file_facts(path) for path in paths)
    seen = {
        name: Seen(_declared(name, options), options.date_formats.get(name), options.numbers) for name in files.names
    }
    rows = _look(files, seen, pa.array(options.missing, pa.string()))
    check_unchanged(known)
    if sum(rows) == 0:
        raise DataError(f"{paths[0].name} has no rows, only a header")
    columns = tuple(column_of(name, found) for name, found in seen.items())
    if all(column.type == "ignore" for column in columns):
        raise DataError(f"{paths[0].name}: all columns are ignored", *(_ignored(column) for column in columns))
    for column in columns:
        _check(column, seen[column.name], files)
    return TableFacts(known, tuple(rows), columns, options)


def _declared(name: str, options: TableOptions) -> Any:
    return options.types.get(name, "date" if name in options.date_formats else None)


def _look(files: TableFiles, seen: dict[str, Seen], missing: Any) -> list[int]:
    """Show every batch to every column; returns the rows of each file."""
    rows = [0] * len(files.paths)
    wanted = {name: found for name, found in seen.items() if found.declared != "ignore"}
    with ThreadPoolExecutor(cores()) as pool:  # Arrow works outside Python's lock
        for file, first, batch in files.batches():
            rows[file] += batch.num_rows
            looks = [
                pool.submit(_show, found, batch.column(name), missing, file, first) for name, found in wanted.items()
            ]
            for look in looks:
                look.result()
    return rows


def _show(seen: Seen, array: Any, missing: Any, file: int, first: int) -> None:
    seen.add(with_missing(array, missing), file, first)


def _check(column: Column, seen: Seen, files: TableFiles) -> None:
    attempt = {"number": seen.number, "date": seen.date}.get(column.type)
    if attempt is not None and attempt.first is not None:
        words = list(islice(seen.words or (), _SAMPLE))
        raise value_error(files, column.name, attempt.first, attempt.faults - 1, hint(words))
    if seen.kind == "date" and column.type == "number":
        raise DataError(f"column {column.name!r} of {files.paths[0].name} holds dates, not numbers")
    if seen.kind not in ("text", "date") and column.type == "date":
        raise DataError(f"column {column.name!r} of {files.paths[0].name} holds {_held(seen)}, not dates")
    if seen.kind == "other" and column.type != "ignore":
        raise DataError(
            f"column {column.name!r} of {files.paths[0].name} holds {files.stored(column.name)}, {_held(seen)}; "
            "it can only be ignored",
            f"write its content as separate columns, or columns: {{{column.name}: {{type: ignore}}}}",
        )
    if column.type == "binary" and len(column.words) > 2:
        some = ", ".join(repr(word) for word in column.words[:4])
        raise DataError(
            f"column {column.name!r} of {files.paths[0].name} is declared binary and has "
            f"{len(column.words):,} different values: {some}, …",
            "declare it a category",
        )


def _ignored(column: Column) -> str:
    return f"{column.name!r}: {column.note or 'the recipe says so'}"


def _held(seen: Seen) -> str:
    return "numbers" if seen.kind == "number" else "neither numbers, dates nor text"


def value_error(files: TableFiles, name: str, place: Place, more: int, meant: str = "") -> DataError:
    """What is said of a value that cannot be used; ``meant`` names the keys that read the column's values."""
    also = [f"{more:,} other value{'' if more == 1 else 's'} of the column cannot be used"] if more else []
    return DataError(
        f"{files.paths[place.file].name}: row {place.row:,}, column {name!r}: {place.reason}",
        *files.line(place.file, place.row),
        *also,
        meant
        or "fix the value, or declare the column's type: category, text or ignore; "
        "or add the value to `missing_values`",
    )
