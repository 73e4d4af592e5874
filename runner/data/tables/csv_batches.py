"""Rows of a CSV file as strings, many at a time: on all cores, and again one by one to name a row that is broken."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.csv as arrow_csv

from runner.data.tables.csv_header import Header
from runner.errors import DataError

_BLOCK = 8 << 20
"""Bytes that are parsed at a time; no row may be longer."""
_QUOTE = "a quote that is opened and not closed makes all that follows one value"
_TAIL = 1 << 12
_NO_ROWS = "Empty CSV file or block"
_LONG_QUOTE = "straddling object"


class _BadWidth(Exception):
    """A row has too many or too few values."""


def csv_batches(path: Path, header: Header) -> Iterator[Any]:
    """Record batches with a string column a name, as they stand in the file.

    Raises:
        DataError: a row is broken; it is named by its number, the first after the header being 1.
    """
    try:
        rows, last = 0, None
        for batch in _batches(path, header, threads=True):
            rows, last = rows + batch.num_rows, batch if batch.num_rows else last
            yield batch
        if last is not None and _open_at_the_end(path, last.column(last.num_columns - 1)[-1].as_py()):
            raise DataError(
                f"{path.name}: row {rows:,} opens a quote that nothing closes", *where(path, header, rows), _QUOTE
            )
    except (pa.ArrowInvalid, _BadWidth) as error:
        if _NO_ROWS in str(error):
            return
        _explain(path, header, str(error))


def _batches(path: Path, header: Header, *, threads: bool) -> Iterator[Any]:
    broken: list[Any] = []

    def note(row: Any) -> str:
        broken.append(row)
        return "skip"

    opened = arrow_csv.open_csv(
        path,
        arrow_csv.ReadOptions(use_threads=threads, block_size=_BLOCK),
        arrow_csv.ParseOptions(delimiter=header.delimiter, newlines_in_values=True, invalid_row_handler=note),
        arrow_csv.ConvertOptions(column_types=dict.fromkeys(header.raw, pa.string()), strings_can_be_null=False),
    )
    with opened as reader:
        for batch in reader:
            if broken:
                break
            yield pa.RecordBatch.from_arrays(batch.columns, names=list(header.names))
    if broken:
        raise _BadWidth(broken[0])


def _open_at_the_end(path: Path, value: str) -> bool:
    """Whether the last value of a file goes on over line breaks to the end of the file.

    The parser takes the end of the file for the end of a quote, so that a quote by mistake would hide all later rows.
    """
    if "\n" not in value and "\r" not in value:
        return False
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _TAIL, 0))
        return not file.read().rstrip().endswith(b'"')


def _explain(path: Path, header: Header, fault: str) -> NoReturn:
    """Read again, in order, until the fault; say which row has it."""
    rows = 0
    try:
        for batch in _batches(path, header, threads=False):
            rows += batch.num_rows
    except _BadWidth as error:
        row = error.args[0]
        number = row.number - 1  # the parser counts the header
        raise DataError(
            f"{path.name}: row {number:,} has {_values(row.actual_columns)}, the header has {row.expected_columns}",
            *where(path, header, number),
            "put a value that holds the delimiter or a line break in quotes",
        ) from error
    except pa.ArrowInvalid as error:
        _check_encoding(path)
        if _LONG_QUOTE in str(error):
            raise DataError(
                f"{path.name}: after row {rows:,} a row is longer than {_BLOCK >> 20} MB",
                _QUOTE,
            ) from error
        raise DataError(f"{path.name}: after row {rows:,}: {error}") from error
    raise DataError(f"{path.name} cannot be read: {fault}")


def _values(count: int) -> str:
    return f"{count:,} value{'' if count == 1 else 's'}"


def _check_encoding(path: Path) -> None:
    """Raise when a line is not UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                raise DataError(
                    f"{path.name}: line {number:,} is not in UTF-8: byte {line[error.start]:#x}",
                    "save it as CSV in UTF-8, such as by: iconv -f latin1 -t utf-8",
                ) from error


def where(path: Path, header: Header, row: int) -> list[str]:
    """In which line of the file a row begins, as a line of help; nothing where that cannot be told."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=header.delimiter)
        rows, line = -1, 1
        try:
            for values in reader:
                rows += bool(values)  # the header is row 0; empty lines are not rows
                if rows == row and values:
                    return [f"it begins in line {line:,} of the file"]
                line = reader.line_num + 1
        except csv.Error:  # a value longer than the module reads
            return []
    return []
