"""Rows of numbers from CSV text."""

import csv
import math
import re
from collections.abc import Iterable, Iterator

import numpy as np

from runner.errors import InputError
from runner.inference.inputs.taken import Batch, Taken, joined
from runner.text import printable

_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
_BEGINS = re.compile(r"\s*[+-]?\.?\d", re.ASCII)
_LARGEST = float(np.finfo(np.float32).max)
Row = tuple[int, list[str]]
"""Line in the text, counted from 1, and the cells."""


def rows_of(lines: Iterable[str], name: str) -> Iterator[Row]:
    """The rows below the heading, where there is one; empty lines are none.

    Raises:
        InputError: it is not CSV text.
    """
    reader = csv.reader(lines, strict=True)
    first = True
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not (first and is_heading(cells)):
                yield reader.line_num, cells
            first = False
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} is not text in UTF-8: byte {error.start} is {error.object[error.start]:#04x}"
        ) from error
    except csv.Error as error:
        raise InputError(f"{name}, line {reader.line_num}: {printable(str(error))}") from error


def is_heading(cells: list[str]) -> bool:
    """Whether no cell begins as a number does."""
    return not any(_BEGINS.match(cell) or cell.strip().lower() in ("", "nan", "inf", "-inf") for cell in cells)


def numbers(cells: list[str], name: str, line: int) -> list[float]:
    """The cells as finite numbers.

    Raises:
        InputError: naming the line and the column.
    """
    values = []
    for column, cell in enumerate(cells, start=1):
        value = float(cell) if _NUMBER.fullmatch(cell) else math.nan
        if not math.isfinite(value) or abs(value) > _LARGEST:
            shown = printable(cell)[:40]
            raise InputError(f"{name}, line {line}, column {column}: must be a finite number; received {shown!r}")
        values.append(value)
    return values


def require_width(cells: list[str], wanted: int, name: str, line: int) -> None:
    """Refuse a row of another length.

    Raises:
        InputError: with the way out where cells are not separated by commas.
    """
    if len(cells) != wanted:
        other = next((c for c in (";", "\t") if c in "".join(cells)), None)
        ways = [f"cells are separated by commas, and not by {other!r}"] if other is not None else []
        found = f"received {len(cells)}"
        raise InputError(f"{name}, line {line}: a row must have {wanted} cells, one for each value; {found}", *ways)


def row_batches(lines: Iterable[str], name: str, taken: Taken, size: int, *, only: bool) -> Iterator[Batch]:
    """The rows of CSV text, ``size`` at a time; they are read as they are used."""
    ids: list[str] = []
    values: list[list[float]] = []
    for row, (line, cells) in enumerate(rows_of(lines, name)):
        require_width(cells, taken.numbers, name, line)
        values.append(numbers(cells, name, line))
        ids.append(joined(name, row, only=only))
        if len(ids) == size:
            yield Batch(ids, np.array(values, np.float32))
            ids, values = [], []
    if ids:
        yield Batch(ids, np.array(values, np.float32))
