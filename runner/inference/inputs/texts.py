"""Texts from files, from a column of a table, and from lines of stdin."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from runner.data.tables.columns import TableOptions, check_columns
from runner.data.tables.source import TableFiles
from runner.errors import DataError, InputError
from runner.inference.inputs.taken import Batch, TakenTexts, joined

SUFFIXES = (".txt",)
TABLES = (".csv", ".tsv", ".parquet", ".pq")
LONGEST = 16 << 20
"""Bytes of a text."""


def text_batches(files: Sequence[tuple[str, Path]], size: int) -> Iterator[Batch]:
    """Text files, ``size`` at a time.

    Args:
        files: name and path of each.
        size: most texts of a batch.

    Raises:
        InputError: one is too long or not in UTF-8.
    """
    return _batches(((name, read_text(path, name)) for name, path in files), size)


def read_text(path: Path, name: str) -> str:
    """What a file holds, without a byte order mark.

    Raises:
        InputError: it is too long or not in UTF-8.
    """
    if path.stat().st_size > LONGEST:
        raise InputError(f"{name} is longer than {LONGEST >> 20} MB, which is no text to be predicted on")
    return _decoded(path.read_bytes().removeprefix(b"\xef\xbb\xbf"), name)


def read_prompt(source: str, stdin: BinaryIO) -> str:
    """What a language model is to write on from, without the line end with which a file ends.

    Args:
        source: a file, or ``-`` for stdin.
        stdin: read only then.

    Raises:
        InputError: it is too long or not in UTF-8.
        OSError: the file cannot be read.
    """
    if source != "-":
        text = read_text(Path(source), Path(source).name)
    else:
        given = stdin.read(LONGEST + 1)
        if len(given) > LONGEST:
            raise InputError(f"stdin is longer than {LONGEST >> 20} MB; a prompt is a text to be written on")
        text = _decoded(given, "stdin")
    return text.removesuffix("\n").removesuffix("\r")


def _decoded(text: bytes, name: str) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        byte = f"byte {error.object[error.start]:#04x} at place {error.start:,}"
        raise InputError(f"{name} is not text in UTF-8: {byte}", "save it in UTF-8") from error


def line_batches(stdin: BinaryIO, size: int, *, only: bool) -> Iterator[Batch]:
    """A text a line, as they come.

    Raises:
        InputError: a line is too long or not in UTF-8.
    """

    def lines() -> Iterator[tuple[str, str]]:
        number = 0
        while line := stdin.readline(LONGEST + 1):
            if len(line) > LONGEST:
                raise InputError(f"stdin, line {number + 1:,} is longer than {LONGEST >> 20} MB")
            text = line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line
            yield joined("stdin", number, only=only), _decoded(text.rstrip(b"\r\n"), f"stdin, line {number + 1:,}")
            number += 1

    return _batches(lines(), size)


def cell_batches(path: Path, name: str, taken: TakenTexts, size: int, *, only: bool) -> Iterator[Batch]:
    """The texts of a table's column; one that is missing is the empty text, as in training.

    Raises:
        InputError: the column is not there, or a row is broken; it names the row.
    """
    rows = cells(path, taken.column, taken.id or taken.column)
    if taken.id is not None:
        return _batches(((called, text) for _, text, called in rows), size)
    return _batches(((joined(name, row, only=only), text) for row, text, _ in rows), size)


def cells(path: Path, *columns: str) -> Iterator[tuple[int, str, str]]:
    """Rows of a table, from 0, with the texts of two columns; one that is missing is the empty text."""
    try:
        files = TableFiles([path], TableOptions())
        check_columns(columns, files.names, path.name)
        for _, first, batch in files.batches():
            values = zip(*(batch.column(column) for column in columns), strict=True)
            for row, (text, called) in enumerate(values, first):
                yield row, _written(text.as_py()), _written(called.as_py())
    except DataError as error:
        raise InputError(str(error), *error.help) from error


def _written(value: object) -> str:
    return "" if value is None else str(value)


def _batches(texts: Iterable[tuple[str, str]], size: int) -> Iterator[Batch]:
    waiting = iter(texts)
    while part := list(islice(waiting, size)):
        yield Batch([name for name, _ in part], as_texts(text for _, text in part))


def as_texts(texts: Iterable[str]) -> Any:
    """An array of ``str`` objects, shape ``(n,)``: no text takes the room of the longest."""
    found = list(texts)
    array = np.empty(len(found), object)
    array[:] = found
    return array
