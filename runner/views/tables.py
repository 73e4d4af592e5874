"""Tables for stdout that fit the screen: nothing is cut, and what there is no room for is named."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from rich.text import Text

from runner.sinks import formatting as fmt
from runner.views.lines import Screen, paragraph

_SHORTEST = 8
"""Columns that a text keeps at least, in which it is wrapped."""
_HANG = 2
"""Spaces before the further lines of a row's name, so that they do not read as another row."""


class Column(NamedTuple):
    """A column of a table."""

    heading: str
    left: bool = True
    """Texts are on the left and may be wrapped; numbers are on the right and never are."""
    leaves: int = 0
    """Order in which columns are dropped if there is too little room; 0 means never."""
    least: int = 0
    """Width to which its texts are wrapped before any column leaves; 0: they are wrapped after that."""


def table(screen: Screen, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[Text]:
    """The lines of :func:`fitted`, with a last one that names the columns for which the screen is too narrow."""
    lines, dropped = fitted(screen, columns, rows)
    return [*lines, *too_narrow(screen, [column.heading for column in columns if column.heading in dropped])]


def too_narrow(screen: Screen, headings: Sequence[str]) -> list[Text]:
    """The line that says which columns are not shown; nothing where all are."""
    return paragraph(screen, f"too narrow for: {', '.join(headings)}", hang=2, style="dim") if headings else []


def fitted(screen: Screen, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> tuple[list[Text], set[str]]:
    """Align rows in columns.

    Where they are wider than the screen the gaps become narrower, then headings are wrapped, then columns leave, then
    texts are wrapped, between words as long as that will do.

    Returns:
        The heading and each row, as a text of one line or several; and the headings of dropped columns.
    """
    cells = [[screen.text(cell) for cell in row] for row in ([column.heading for column in columns], *rows)]
    widths = [max(fmt.width(row[k]) for row in cells) for k in range(len(columns))]
    bodies = [max((fmt.width(row[k]) for row in cells[1:]), default=0) for k in range(len(columns))]
    said = [k for k, column in enumerate(columns) if bodies[k] or not column.leaves]  # an empty column says nothing
    kept = list(said)
    order = sorted((columns[k].leaves, k) for k in said if columns[k].leaves)
    gap = 2 if _total(widths, kept, 2) <= screen.width else 1
    headed = [max(column.least or bodies[k], fmt.longest_part(cells[0][k])) for k, column in enumerate(columns)]
    while _total(headed, kept, gap) > screen.width and order:
        kept.remove(order.pop(0)[1])
    floors = [column.least or _SHORTEST for column in columns]
    parts = [max(_HANG + fmt.longest_part(row[k]) for row in cells) for k in range(len(columns))]
    room = screen.width - gap * (len(kept) - 1)
    _shrink(widths, headed, kept, room)
    for least in (list(map(max, floors, parts)), floors, [_SHORTEST] * len(columns)):
        _shrink(widths, [least[k] if columns[k].left else widths[k] for k in range(len(columns))], kept, room)
    lines = [_row(row, columns, widths, kept, gap, heading=not k) for k, row in enumerate(cells)]
    lines[0].stylize("bold")
    return lines, {columns[k].heading for k in said if k not in kept}


def _total(widths: Sequence[int], kept: Sequence[int], gap: int) -> int:
    return sum(widths[k] for k in kept) + gap * (len(kept) - 1)


def _shrink(widths: list[int], least: Sequence[int], kept: Sequence[int], room: int) -> None:
    """Take columns from the widest that can still give one, until they have room or none can."""
    while sum(widths[k] for k in kept) > room and any(widths[k] > least[k] for k in kept):
        widths[max((k for k in kept if widths[k] > least[k]), key=lambda k: widths[k])] -= 1


def _row(
    row: Sequence[str],
    columns: Sequence[Column],
    widths: Sequence[int],
    kept: Sequence[int],
    gap: int,
    *,
    heading: bool,
) -> Text:
    hang = 0 if heading else len(row[0]) - len(row[0].lstrip()) + _HANG
    folded = [fmt.fold(row[k], widths[k], hang=0 if k else hang) for k in kept]
    if heading:  # its last lines stand on the column
        most = max(map(len, folded))
        folded = [[""] * (most - len(lines)) + lines for lines in folded]
    lines = []
    for parts in zip_longest(*folded, fillvalue=""):
        padded = [fmt.pad(part, widths[k], left=columns[k].left) for k, part in zip(kept, parts, strict=True)]
        lines.append((" " * gap).join(padded).rstrip())
    return Text("\n".join(lines))
