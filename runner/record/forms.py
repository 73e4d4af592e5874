"""Rows of a run's record as CSV, JSON or a table; their text is anybody's and comes out inert."""

import csv
import json
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TextIO

from runner.text import csv_cell, printable

if TYPE_CHECKING:
    from rich.table import Table

Cell = str | int | float | bool | None
_LEFT = ("phase", "best")


def as_csv(heading: Sequence[str], rows: Iterable[Sequence[Cell]], out: TextIO) -> None:
    """Write a heading and the rows; None is an empty cell."""
    quoted = lru_cache(1024)(csv_cell)  # phases are few, rows may be millions
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(quoted, heading))
    writer.writerows([quoted(cell) if isinstance(cell, str) else _plain(cell) for cell in row] for row in rows)


def _plain(cell: Any) -> Any:
    return str(cell).lower() if isinstance(cell, bool) else cell


def as_json(heading: Sequence[str], rows: Iterable[Sequence[Cell]], out: TextIO) -> None:
    """Write an array of objects, one a line; a number that is not finite is null."""
    separator = "[\n"
    encode = json.JSONEncoder(check_circular=False).encode
    for row in rows:
        cells = zip(heading, row, strict=True)
        finite = {key: None if isinstance(v, float) and not math.isfinite(v) else v for key, v in cells}
        out.write(separator + encode(finite))
        separator = ",\n"
    out.write("[]\n" if separator == "[\n" else "\n]\n")


def as_table(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> "Table":
    """The rows for a terminal; print it with markup off."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in heading:
        table.add_column(printable(name), justify="left" if name in _LEFT else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(_shown(cell)) for cell in row))
    return table


def _shown(cell: Cell) -> str:
    match cell:
        case None:
            return "–"
        case bool():
            return "*" if cell else ""
        case _:
            return printable(str(cell))
