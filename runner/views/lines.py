"""Lines of text for stdout: wrapped, in columns, never longer than the terminal, without spaces at their ends."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rich.console import Console
from rich.text import Text

from runner.plots.terminal import PLAIN, UNICODE, Glyphs
from runner.sinks import formatting as fmt

_WIDEST = 100
"""Longer lines are hard to read."""
_NARROWEST = 30
_SHORTEST = 8
"""Columns of a name that stay when it is cut."""
_ASCII = str.maketrans(
    {
        "→": "->", "–": "-", "−": "-", "·": "*", "×": "x", "…": "...", "≥": ">=", "≤": "<=", "≠": "!=", "√": "sqrt",
        "η": "lr", "π": "pi", "γ": "gamma", "Δ": "delta", "∞": "inf", "⌊": "floor(", "⌋": ")",
        "₀": "0", "₁": "1", "₂": "2", "ₖ": "_k", "₊": "+", "ⁱ": "^i", "²": "^2", "ö": "oe", "é": "e",
        "‘": "'", "’": "'", "“": '"', "”": '"', "│": "|", "─": "-",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Screen:
    """What stdout can show."""

    width: int
    """Columns to use."""
    unicode: bool
    """Whether it takes more than ASCII."""
    color: bool
    """Whether it gets colours."""

    def text(self, text: str) -> str:
        """The text in characters that the screen has."""
        if self.unicode:
            return text
        return text.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii")

    @property
    def glyphs(self) -> Glyphs:
        """What curves are drawn with."""
        return UNICODE if self.unicode else PLAIN

    def print(self, lines: Iterable[Text]) -> None:
        """Print lines on stdout."""
        console = _console(color=self.color)
        for line in lines:
            line.rstrip()
            console.print(line, soft_wrap=True)


def stdout_screen(*, color: bool) -> Screen:
    """The screen that stdout is; a pipe counts as one of the terminal's width, or 80 columns."""
    width = min(max(_console(color=color).width, _NARROWEST), _WIDEST)
    return Screen(width, _takes_unicode(sys.stdout.encoding or "ascii"), color)


def _console(*, color: bool) -> Console:
    system: Literal["standard"] | None = "standard" if color else None
    return Console(
        file=sys.stdout, color_system=system, force_terminal=color or None, markup=False, highlight=False, emoji=False
    )


def _takes_unicode(encoding: str) -> bool:
    try:
        "⡀→η₁".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def paragraph(screen: Screen, text: str, *, indent: int = 0, hang: int = 0, style: str = "") -> list[Text]:
    """Wrap a text.

    Args:
        screen: to fit on.
        text: without line feeds.
        indent: spaces before every line.
        hang: more spaces before every line but the first.
        style: of the text.
    """
    console = _console(color=False)
    body = Text(screen.text(text), style)
    room = max(screen.width - indent - hang, 10)
    first = body.wrap(console, room + hang)
    if len(first) == 1:
        return [_indented(first[0], indent)]
    # The first line has more room than the rest: only what follows it is wrapped anew.
    rest = body[len(first[0].plain) :]
    rest = Text(rest.plain.lstrip(), style)
    return [_indented(first[0], indent), *(_indented(line, indent + hang) for line in rest.wrap(console, room))]


def _indented(line: Text, indent: int) -> Text:
    line.rstrip()
    return Text.assemble(" " * indent, line)


def pairs(screen: Screen, rows: Sequence[tuple[str, str]], *, indent: int = 0) -> list[Text]:
    """Names in bold and what they stand for, which wraps in its own column."""
    column = max((fmt.width(name) for name, _ in rows), default=0) + 2
    if column + indent > screen.width // 2:
        column = 4
    lines: list[Text] = []
    for name, value in rows:
        head = Text(" " * indent).append(fmt.pad(screen.text(name), column, left=True), "bold")
        body = paragraph(screen, value, indent=indent + column)
        if fmt.width(name) >= column:
            lines += [head, *body]
        else:
            lines += [head + body[0][indent + column :], *body[1:]]
    return lines


class Column(NamedTuple):
    """A column of a table."""

    heading: str
    left: bool = True
    leaves: int = 0
    """When there is too little room, columns leave in this order; 0: never."""


def table(screen: Screen, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> tuple[list[Text], set[str]]:
    """Align rows in columns.

    Returns:
        The heading and a line for each row; and the headings of columns that had to leave.
    """
    cells = [[screen.text(cell) for cell in row] for row in ([column.heading for column in columns], *rows)]
    widths = [max(fmt.width(row[k]) for row in cells) for k in range(len(columns))]
    kept = list(range(len(columns)))
    order = sorted((column.leaves, k) for k, column in enumerate(columns) if column.leaves)
    gap = 2 if _total(widths, kept, 2) <= screen.width else 1
    while _total(widths, kept, gap) > screen.width and order:
        kept.remove(order.pop(0)[1])
    # Names are cut last, and only as far as it takes.
    excess = max(_total(widths, kept, gap) - screen.width, 0)
    widths[kept[0]] = max(widths[kept[0]] - excess, min(widths[kept[0]], _SHORTEST))
    lines = [_row(row, columns, widths, kept, gap) for row in cells]
    lines[0].stylize("bold")
    return lines, {columns[k].heading for k in range(len(columns)) if k not in kept}


def _total(widths: Sequence[int], kept: Sequence[int], gap: int) -> int:
    return sum(widths[k] for k in kept) + gap * (len(kept) - 1)


def _row(row: Sequence[str], columns: Sequence[Column], widths: Sequence[int], kept: Sequence[int], gap: int) -> Text:
    parts = [fmt.pad(fmt.clip(row[k], widths[k]), widths[k], left=columns[k].left) for k in kept]
    return Text((" " * gap).join(parts).rstrip())
