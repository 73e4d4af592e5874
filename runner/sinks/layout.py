"""Lays out columns as aligned lines of text that fit a width."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from runner.sinks import formatting as fmt

BEST_COLUMN = "best"

_ALWAYS = "epoch"
_FIRST_TO_GO = "time"
_LAST_TO_GO = ("momentum", "phase", "learning_rate", BEST_COLUMN, "val_loss", "loss")
"""Order of importance in a very narrow table; only the epoch always stays."""
_WIDE_GAP, _NARROW_GAP = 2, 1

Cells = Mapping[str, str]
"""Text of each cell by the key of its column."""


class Column(NamedTuple):
    """A column of the table."""

    key: str
    heading: tuple[str, ...]
    """Lines of the heading; all columns of a table have the same number."""
    width: int
    left: bool = False


class Layout(NamedTuple):
    """Columns and the number of spaces between them."""

    columns: Sequence[Column]
    gap: int = _WIDE_GAP

    @property
    def width(self) -> int:
        """Width of a full line."""
        return sum(column.width for column in self.columns) + self.gap * (len(self.columns) - 1)

    def heading(self) -> list[str]:
        """Lines of the heading."""
        return [self._join(parts) for parts in zip(*(column.heading for column in self.columns), strict=True)]

    def line(self, cells: Cells) -> str:
        """One row; a column without a cell stays blank. Cells are never cut: part of a number is a wrong number."""
        return self._join([cells.get(column.key, "") for column in self.columns])

    def _join(self, texts: Sequence[str]) -> str:
        padded = (
            fmt.pad(text, column.width, left=column.left) for column, text in zip(self.columns, texts, strict=True)
        )
        return (" " * self.gap).join(padded).rstrip()


def fit(columns: Sequence[Column], width: int) -> Layout:
    """Make the columns fit ``width``: reduce the gaps, then drop the least important columns one by one."""
    layout = Layout(columns)
    if layout.width > width:
        layout = layout._replace(gap=_NARROW_GAP)
    for key in _drop_order(column.key for column in columns):
        if layout.width > width:
            layout = _without(layout, key)
    # a dropped column may have been much wider than needed
    wide = layout._replace(gap=_WIDE_GAP)
    return wide if wide.width <= width else layout


def _without(layout: Layout, key: str) -> Layout:
    return layout._replace(columns=[column for column in layout.columns if column.key != key])


def _drop_order(keys: Iterable[str]) -> list[str]:
    """Order in which columns are dropped: time, metrics from the right (training before validation), then the rest."""
    metrics = [key for key in keys if key not in (_ALWAYS, _FIRST_TO_GO, *_LAST_TO_GO)]
    names = dict.fromkeys(key.removeprefix("val_") for key in reversed(metrics))
    return [_FIRST_TO_GO, *(key for name in names for key in (name, f"val_{name}")), *_LAST_TO_GO]
