"""Columns side by side: aligned lines of text that fit a width."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from runner.sinks import format as fmt

BEST_COLUMN = "best"

_FIRST_TO_GO = ("phase", "time")
_LAST_TO_GO = ("momentum", BEST_COLUMN, "learning_rate", "loss")
"""Of what is left of a very narrow table, the epoch alone always stays."""
_WIDE_GAP, _NARROW_GAP = 2, 1

Cells = Mapping[str, str]
"""Text by the key of its column."""


class Column(NamedTuple):
    """A column of the table."""

    key: str
    heading: tuple[str, ...]
    """Lines of the heading; the columns of one table have equally many."""
    width: int
    left: bool = False


class Layout(NamedTuple):
    """Columns, and the spaces between them."""

    columns: Sequence[Column]
    gap: int = _WIDE_GAP

    @property
    def width(self) -> int:
        """Width of a full line."""
        return sum(column.width for column in self.columns) + self.gap * (len(self.columns) - 1)

    def heading(self) -> list[str]:
        """Lines of the heading, one or two."""
        return [self._join(parts) for parts in zip(*(column.heading for column in self.columns), strict=True)]

    def line(self, cells: Cells) -> str:
        """One row; a column without a cell stays blank."""
        return self._join([cells.get(column.key, "") for column in self.columns])

    def _join(self, texts: Sequence[str]) -> str:
        padded = (
            fmt.pad(fmt.clip(text, column.width), column.width, left=column.left)
            for column, text in zip(self.columns, texts, strict=True)
        )
        return (" " * self.gap).join(padded).rstrip()


def fit(columns: Sequence[Column], width: int) -> Layout:
    """Make the columns fit: leave out phase and time, then move together, then leave out the rest bit by bit."""
    layout = Layout(columns)
    for key in _FIRST_TO_GO:
        if layout.width > width:
            layout = _without(layout, key)
    if layout.width > width:
        layout = layout._replace(gap=_NARROW_GAP)
    for key in _order_of_leaving(column.key for column in layout.columns):
        if layout.width > width:
            layout = _without(layout, key)
    return layout


def _without(layout: Layout, key: str) -> Layout:
    return layout._replace(columns=[column for column in layout.columns if column.key != key])


def _order_of_leaving(keys: Iterable[str]) -> list[str]:
    """Momentum, then metrics from the right, then the marks of the best, the learning rate and the loss."""
    metrics = [key for key in keys if key not in ("epoch", *_LAST_TO_GO)]
    return [_LAST_TO_GO[0], *reversed(metrics), *_LAST_TO_GO[1:]]
