"""Predictions as CSV, JSON or Parquet, written as they come."""

import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal, Protocol, TextIO

from runner.errors import InputError
from runner.inference.predictions import Row, Table
from runner.inference.unseen_words import Unseen
from runner.text import csv_cell

Form = Literal["csv", "json", "parquet"]
FORMS: tuple[Form, ...] = ("csv", "json", "parquet")


class Writer(Protocol):
    """Takes rows a batch at a time."""

    def write(self, rows: Iterable[Row], unseen: Unseen) -> None:
        """Write a batch, of which some rows have words that the model does not know."""

    def close(self) -> None:
        """End what was begun; the stream stays open."""


def form_of(path: Path | None, given: Form | None) -> Form:
    """The form that was asked for, else that of the file's ending, else CSV.

    Raises:
        InputError: Parquet, which is bytes, without a file; or the ending of another form, which would not open as one.
    """
    ending = path.suffix.lower().removeprefix(".") if path is not None else ""
    form: Form = given if given is not None else next((one for one in FORMS if one == ending), FORMS[0])
    if given is None and ending not in ("", "txt", *FORMS):
        raise InputError(
            f"--output: .{ending} is none of the forms {', '.join(FORMS)}", "name such a file, or use --format csv"
        )
    if form == "parquet" and path is None:
        raise InputError("--format parquet: is written to a file", "name one with --output FILE.parquet")
    return form


class CsvWriter:
    """A heading, then a line a row; text that a spreadsheet would calculate is prefixed."""

    def __init__(self, wording: Table, out: TextIO) -> None:
        self._writer = csv.writer(out, lineterminator="\n")
        self._writer.writerow(wording.columns)

    def write(self, rows: Iterable[Row], unseen: Unseen) -> None:
        """Write a batch."""
        self._writer.writerows([csv_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)

    def close(self) -> None:
        """Nothing is left to write."""


class JsonWriter:
    """An array of objects, one a line; ``unseen`` holds the words of a row that the model does not know, by column."""

    def __init__(self, wording: Table, out: TextIO) -> None:
        self._columns, self._out, self._before = wording.columns, out, "[\n"
        self._unseen = "unseen" if "unseen" not in wording.columns else "unseen_words"

    def write(self, rows: Iterable[Row], unseen: Unseen) -> None:
        """Write a batch."""
        for number, row in enumerate(rows):
            strange = {self._unseen: unseen[number]} if number in unseen else {}
            self._out.write(self._before + json.dumps({**dict(zip(self._columns, row, strict=True)), **strange}))
            self._before = ",\n"

    def close(self) -> None:
        """End the array."""
        self._out.write("[]\n" if self._before == "[\n" else "\n]\n")


class ParquetWriter:
    """A row group a batch; text columns are strings, all others float64."""

    def __init__(self, wording: Table, path: Path) -> None:
        try:
            import pyarrow
            from pyarrow import parquet
        except ImportError:
            raise InputError("--format parquet: needs the package pyarrow", "`pip install pyarrow`") from None
        self._arrow: Any = pyarrow
        kinds = {True: pyarrow.string(), False: pyarrow.float64()}
        self._schema = pyarrow.schema([(name, kinds[name in wording.texts]) for name in wording.columns])
        self._writer = parquet.ParquetWriter(path, self._schema)

    def write(self, rows: Iterable[Row], unseen: Unseen) -> None:
        """Write a batch."""
        columns = list(zip(*rows, strict=True))
        arrays = [self._arrow.array(cells, field.type) for cells, field in zip(columns, self._schema, strict=True)]
        self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()


TEXT_WRITERS: dict[Form, Callable[[Table, TextIO], Writer]] = {"csv": CsvWriter, "json": JsonWriter}
"""Forms that are text, and may go to stdout."""
