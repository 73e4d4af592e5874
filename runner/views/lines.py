"""Lines of text for stdout: wrapped, in columns, never wider than the terminal, without trailing spaces."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.text import Text

from runner.plots.terminal import PLAIN, UNICODE, Glyphs
from runner.sinks import formatting as fmt

_WIDEST = 100
"""Maximum line length, for readability."""
_NARROWEST = 30
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
    """The capabilities of stdout."""

    width: int
    """Width in columns."""
    unicode: bool
    """Whether it can show more than ASCII."""
    color: bool
    """Whether to use colours."""

    def text(self, text: str) -> str:
        """The text, restricted to characters that the screen can show."""
        if self.unicode:
            return text
        return text.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii")

    @property
    def glyphs(self) -> Glyphs:
        """The characters to draw curves with."""
        return UNICODE if self.unicode else PLAIN

    def print(self, lines: Iterable[Text]) -> None:
        """Print lines on stdout."""
        console = _console(color=self.color)
        for line in lines:
            line.rstrip()
            console.print(line, soft_wrap=True)


def stdout_screen(*, color: bool) -> Screen:
    """The screen of stdout; a pipe gets the width of the terminal, or 80 columns."""
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
    """Wrap a text into lines.

    Args:
        screen: the screen to fit.
        text: a text without line feeds.
        indent: spaces before every line.
        hang: additional spaces before every line but the first.
        style: the style of the text.
    """
    console = _console(color=False)
    body = Text(screen.text(text), style)
    room = max(screen.width - indent - hang, 10)
    first = body.wrap(console, room + hang)
    if len(first) == 1:
        return [_indented(first[0], indent)]
    # The first line has more room than the rest, so only the rest is wrapped again.
    rest = body[len(first[0].plain) :]
    rest = Text(rest.plain.lstrip(), style)
    return [_indented(first[0], indent), *(_indented(line, indent + hang) for line in rest.wrap(console, room))]


def _indented(line: Text, indent: int) -> Text:
    line.rstrip()
    return Text.assemble(" " * indent, line)


def pairs(screen: Screen, rows: Sequence[tuple[str, str]], *, indent: int = 0) -> list[Text]:
    """Rows of a bold name and a text that wraps in its own column."""
    column = max((fmt.width(name) for name, _ in rows), default=0) + 2
    if column + indent > screen.width // 2:
        column = 4
    lines: list[Text] = []
    for name, value in rows:
        body = paragraph(screen, value, indent=indent + column)
        if fmt.width(name) >= column:
            heads = fmt.fold(screen.text(name), screen.width - indent)
            lines += [*(Text(" " * indent).append(head, "bold") for head in heads), *body]
        else:
            head = Text(" " * indent).append(fmt.pad(screen.text(name), column, left=True), "bold")
            lines += [head + body[0][indent + column :], *body[1:]]
    return lines
