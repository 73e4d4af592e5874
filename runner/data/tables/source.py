"""Files of one table, whatever their format."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from runner.data.tables.arrow_batches import arrow_batches, arrow_schema
from runner.data.tables.column_values import kind_of
from runner.data.tables.columns import TableOptions
from runner.data.tables.csv_batches import csv_batches, where
from runner.data.tables.csv_header import read_header
from runner.data.tables.label_names import label_names, with_names
from runner.data.tables.parquet_batches import parquet_batches, parquet_schema
from runner.errors import DataError

_KINDS = {"text": "words", "truth": "words", "number": "numbers", "date": "dates"}
"""Kinds that are read alike."""
PARQUET = (".parquet", ".pq")
ARROW = (".arrow",)


class TableFiles:
    """CSV, Parquet and Arrow files with the same columns.

    Args:
        paths: of the files, in the rows' order; the first one's columns are the table's.
        options: how they are read.

    Raises:
        DataError: there is no file, or one has other columns than the first.
    """

    def __init__(self, paths: list[Path], options: TableOptions) -> None:
        if not paths:
            raise DataError("a table needs at least one file")
        self.paths, self._options = paths, options
        self.names = self._names(paths[0])
        for path in paths[1:]:
            self._check(path)

    def batches(self) -> Iterator[tuple[int, int, Any]]:
        """Number of a file, first row of a batch in it (from 0), and the batch; one file after another."""
        for number, path in enumerate(self.paths):
            first = 0
            for batch in self._read(path):
                yield number, first, batch.select(list(self.names))
                first += batch.num_rows

    def check_kinds(self, declared: Collection[str]) -> None:
        """Whether a column is of one kind in all files that have types; a type that the recipe declares reads any.

        Args:
            declared: names of the columns whose type the recipe says.

        Raises:
            DataError: it holds numbers in one file and words in another.
        """
        known: dict[str, tuple[str, Any]] = {}
        for path in filter(_typed, self.paths):
            for field in _schema(path):
                if field.name in declared or kind_of(field.type) == "none":
                    continue
                first, stored = known.setdefault(field.name, (path.name, field.type))
                if _KINDS.get(kind_of(field.type)) != _KINDS.get(kind_of(stored)):
                    raise DataError(
                        f"{path.name}: column {field.name!r} holds {field.type}, in {first} it holds {stored}",
                        "write the column in one type in all files, or declare it: "
                        f"columns: {{{field.name}: {{type: category}}}}, or `ignore`",
                    )

    def stored(self, name: str) -> str:
        """The type of a column in the first file, as that file says it; empty where files are text."""
        return str(_schema(self.paths[0]).field(name).type) if _typed(self.paths[0]) else ""

    def line(self, file: int, row: int) -> list[str]:
        """In which line of a CSV file a row (from 1) begins, as a line of help."""
        path = self.paths[file]
        return [] if _typed(path) else where(path, read_header(path, self._options.delimiter), row)

    def _read(self, path: Path) -> Iterator[Any]:
        if _typed(path):
            return _named_batches(path)
        return csv_batches(path, read_header(path, self._options.delimiter))

    def _names(self, path: Path) -> tuple[str, ...]:
        return tuple(_schema(path).names) if _typed(path) else read_header(path, self._options.delimiter).names

    def _check(self, path: Path) -> None:
        names, first = set(self._names(path)), set(self.names)
        if names == first:
            return
        lacks = [f"lacks {name!r}" for name in sorted(first - names)]
        added = [f"has also {name!r}" for name in sorted(names - first)]
        raise DataError(
            f"{path.name} {', '.join([*lacks, *added][:3])}, unlike {self.paths[0].name}",
            "files of one table have the same columns",
        )


def _typed(path: Path) -> bool:
    """Whether a file has columns with types, and no text."""
    return path.suffix.lower() in (*PARQUET, *ARROW)


def _schema(path: Path) -> Any:
    return arrow_schema(path) if path.suffix.lower() in ARROW else parquet_schema(path)


def _named_batches(path: Path) -> Iterator[Any]:
    """Batches with the names of classes that the file itself gives."""
    names, first = label_names(_schema(path)), 0
    for batch in arrow_batches(path) if path.suffix.lower() in ARROW else parquet_batches(path):
        yield with_names(batch, names, path, first) if names else batch
        first += batch.num_rows
