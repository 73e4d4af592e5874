"""Rows of a run's record as CSV, JSON or a table; their text is untrusted and is made harmless."""

import csv
import json
import math
import textwrap
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, TextIO

from runner.numerals import setting
from runner.text import csv_cell, printable

if TYPE_CHECKING:
    from rich.table import Table

Cell = str | int | float | bool | None
_LEFT = ("phase", "best")
_FIRST_OUT = ("seconds", "best", "steps", "phase", "epoch", "momentum", "weight_decay")
"""Columns that a narrow table leaves out before any metric, in this order."""
_ALWAYS = ("learning_rate", "loss", "val_loss")
_GAP = 2
"""Spaces between columns."""


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


def as_table(heading: Sequence[str], rows: Iterable[Sequence[Cell]], width: int | None = None) -> "Table":
    """The rows as a table for a terminal; print it with markup and cropping disabled.

    Every figure is whole. Columns that do not fit are left out, the least important first, and named below the table.

    Args:
        heading: names of the columns.
        rows: the rows.
        width: columns of the terminal; None for a pipe or a file, where all columns are shown.
    """
    from rich.table import Table
    from rich.text import Text

    texts = [[printable(name) for name in heading], *([_shown(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    kept = _kept(heading, widths, width)
    table = Table(box=None, pad_edge=False, header_style="bold", width=_total(widths, kept))
    for index in kept:
        table.add_column(texts[0][index], justify="left" if heading[index] in _LEFT else "right", no_wrap=True)
    for row in texts[1:]:
        table.add_row(*(Text(row[index]) for index in kept))
    if len(kept) < len(heading):
        out = ", ".join(texts[0][index] for index in range(len(heading)) if index not in kept)
        lines = textwrap.wrap(f"too narrow for: {out}", width or 80, subsequent_indent="  ")
        table.caption, table.caption_justify = Text("\n".join(lines)), "left"
    return table


def _kept(heading: Sequence[str], widths: Sequence[int], width: int | None) -> list[int]:
    """Which columns fit, in their order; the first, learning_rate, loss and val_loss stay in any case."""
    kept = list(range(len(heading)))
    extra = [name for name in heading[1:] if name not in (*_FIRST_OUT, *_ALWAYS)]
    for name in (*_FIRST_OUT, *reversed(extra)):
        if width is None or _total(widths, kept) <= width:
            break
        kept = [index for index in kept if index == 0 or heading[index] != name]
    return kept


def _total(widths: Sequence[int], kept: Sequence[int]) -> int:
    return sum(widths[index] for index in kept) + _GAP * (len(kept) - 1)


def _shown(cell: Cell) -> str:
    match cell:
        case None:
            return "–"
        case bool():
            return "*" if cell else ""
        case float():
            return setting(cell)
        case _:
            return printable(str(cell))
