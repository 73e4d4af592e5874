"""Rows of a run's record as CSV, JSON or a table; their text is untrusted and is made harmless."""

import csv
import json
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, TextIO

from runner.text import csv_cell, printable

if TYPE_CHECKING:
    from rich.table import Table

Cell = str | int | float | bool | None
_LEFT = ("phase", "best")


def as_csv(heading: Sequence[str], rows: Iterable[Sequence[Cell]], out: TextIO) -> None:
    """Write a header and the rows as CSV; None becomes an empty cell."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(csv_cell, heading))
    writer.writerows(map(_csv_cell, row) for row in rows)


def _csv_cell(cell: Cell) -> Cell:
    match cell:
        case bool():
            return str(cell).lower()
        case str():
            return csv_cell(cell)
        case _:
            return cell


def as_json(heading: Sequence[str], rows: Iterable[Sequence[Cell]], out: TextIO) -> None:
    """Write an array of objects in ASCII, one per line; a number that is not finite becomes null."""
    keys = [f"{json.dumps(name)}: " for name in heading]
    text, separator = lru_cache(1024)(json.dumps), "[\n"
    for row in rows:
        # formatted by hand, because there may be millions of rows and the encoder takes three times as long
        cells = [
            key + (text(cell) if isinstance(cell, str) else _json_number(cell))
            for key, cell in zip(keys, row, strict=True)
        ]
        out.write(f"{separator}{{{', '.join(cells)}}}")
        separator = ",\n"
    out.write("[]\n" if separator == "[\n" else "\n]\n")


def _json_number(cell: float | None) -> str:
    if cell is None or not math.isfinite(cell):
        return "null"
    return str(cell).lower() if isinstance(cell, bool) else repr(cell)


def as_table(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> "Table":
    """The rows as a table for a terminal; print it with markup disabled."""
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
