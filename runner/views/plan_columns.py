"""The columns of a table, as a plan shows them."""

from collections.abc import Iterator
from typing import Any

from rich.text import Text

from runner.data.facts import ColumnFacts, DataFacts
from runner.sinks import formatting as fmt
from runner.text import printable
from runner.views.lines import Screen
from runner.views.tables import Column, table

_MOST = 60
"""Rows that are shown; a table may have thousands of columns."""
_LONGEST = 30
_COLUMNS = (
    Column("column"),
    Column("type"),
    Column("used as"),
    Column("missing", left=False, leaves=3),
    Column("values", left=False, leaves=2),
    Column("inputs", left=False, leaves=1),
    Column("note", leaves=4),
)


def column_lines(data: DataFacts, screen: Screen) -> list[Text]:
    """A row for each column: its type, what it is for, and what becomes of it; nothing for other data."""
    if not data.columns:
        return []
    lines = table(screen, _COLUMNS, [_row(column) for column in data.columns[:_MOST]])
    more = len(data.columns) - _MOST
    return [*lines, Text(f"and {more:,} more columns", "dim")] if more > 0 else lines


def _row(column: ColumnFacts) -> tuple[str, ...]:
    return (
        printable(column.name),
        column.type,
        column.role,
        f"{column.missing:,}" if column.missing else "",
        f"{column.distinct:,}" if column.distinct is not None else "many",
        str(column.width) if column.width else "",
        fmt.clip(printable(column.note), _LONGEST),
    )


def column_mappings(data: DataFacts) -> Iterator[dict[str, Any]]:
    """The same as plain values."""
    for column in data.columns:
        yield {
            "name": column.name,
            "type": column.type,
            "role": column.role,
            "missing": column.missing,
            "distinct": column.distinct,
            "width": column.width,
            "note": column.note,
        }
