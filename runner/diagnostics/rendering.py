"""Human-readable diagnostics: the full form with an excerpt, and the concise form of one line each."""

from collections.abc import Iterable, Iterator, Sequence

from runner.diagnostics.excerpt import Excerpt, excerpt
from runner.diagnostics.machine_readable import render_github, render_json
from runner.diagnostics.model import Diagnostic, Format, Span
from runner.diagnostics.visible import visible
from runner.text import width
from runner.wrapping import wrapped

Piece = tuple[str, str]
"""Text and its rich style, used if colour is wanted."""

_COLOURS = {"error": "bold red", "warning": "bold yellow"}
_FRAME = "bold blue"
_WIDEST = 120
"""Columns to which the recipe's lines are cut where more would fit."""
_HANG = 4
"""Spaces before the further lines of a message."""


def render(
    diagnostics: Iterable[Diagnostic], form: Format = "full", *, color: bool = False, columns: int | None = None
) -> str:
    """Render diagnostics in one of the formats of ``--output-format``.

    Args:
        diagnostics: The diagnostics, in the order to print them.
        form: ``full``, ``concise``, ``json`` (one array) or ``github`` (workflow commands).
        color: Whether ``full`` uses ANSI colours.
        columns: Width of the terminal, for ``full``: lines of the recipe are cut, the others wrapped. None: no
            terminal; only lines of the recipe are cut, to 120 columns.

    Returns:
        Text that ends with a line feed; empty without diagnostics (``json``: ``[]``).
    """
    items = list(diagnostics)
    match form:
        case "full":
            return render_full(items, color=color, columns=columns)
        case "concise":
            return "".join(f"{concise(item)}\n" for item in items)
        case "json":
            return render_json(items)
        case "github":
            return render_github(items)


def concise(diagnostic: Diagnostic) -> str:
    """One line: ``file:line:col: error[R012] message``."""
    span = diagnostic.span
    place = f"{visible(span.file)}:{span.line}:{span.column}: " if span else ""
    label = f"; {diagnostic.label}" if diagnostic.label else ""
    return place + visible(f"{diagnostic.severity}[{diagnostic.code}] {diagnostic.message}{label}")


def render_full(diagnostics: Sequence[Diagnostic], *, color: bool = False, columns: int | None = None) -> str:
    """Each diagnostic with its excerpt and help, separated by blank lines."""
    pieces: list[Piece] = []
    for index, diagnostic in enumerate(diagnostics):
        if index:
            pieces.append(("\n", ""))
        pieces.extend(_full(diagnostic, columns))
    return _ansi(pieces) if color else "".join(text for text, _ in pieces)


def _full(diagnostic: Diagnostic, columns: int | None) -> Iterator[Piece]:
    columns = None if columns is None else min(columns, _WIDEST)
    head = f"{diagnostic.severity}[{diagnostic.code}]"
    yield head, _COLOURS[diagnostic.severity]
    message = wrapped(visible(diagnostic.message), columns, hang=_HANG, used=len(head) + 2)
    yield ": " + "\n".join(message) + "\n", "bold"
    span = diagnostic.span
    shows_line = span is not None and diagnostic.excerpt is not None
    numbered = shows_line and span is not None and not span.is_argument
    number = str(span.line) if numbered and span is not None else " "
    gutter = " " * len(number)
    if span is not None:
        yield f"{gutter}--> ", _FRAME
        yield f"{_place(span)}\n", ""
    if span is not None and diagnostic.excerpt is not None:
        yield from _source(diagnostic, span, diagnostic.excerpt, number, columns)
    yield from _remarks(diagnostic, gutter, columns)


def _place(span: Span) -> str:
    return visible(span.file) if span.is_argument else f"{visible(span.file)}:{span.line}:{span.column}"


def _source(diagnostic: Diagnostic, span: Span, line: str, number: str, columns: int | None) -> Iterator[Piece]:
    gutter = " " * len(number)
    room = max((columns or _WIDEST) - len(number) - 3, 20)
    shown = excerpt(line, span, columns=room)
    yield f"{gutter} |\n", _FRAME
    yield f"{number} | ", _FRAME
    yield f"{shown.text}\n", ""
    for marks in _marks(diagnostic, shown, None if columns is None else room):
        yield f"{gutter} | ", _FRAME
        yield f"{marks}\n", _COLOURS[diagnostic.severity]


def _marks(diagnostic: Diagnostic, shown: Excerpt, room: int | None) -> list[str]:
    """The carets, with the label beside them, or below them where it does not fit there."""
    carets, label = " " * shown.indent + "^" * shown.carets, visible(diagnostic.label)
    if not label:
        return [carets]
    if room is None or width(carets) + 1 + width(label) <= room:
        return [f"{carets} {label}"]
    indent = " " * max(min(shown.indent, room - width(label)), 0)
    return [carets, *(indent + line for line in wrapped(label, room))]


def _remarks(diagnostic: Diagnostic, gutter: str, columns: int | None) -> Iterator[Piece]:
    remarks = [("note", note) for note in diagnostic.notes]
    remarks += [("help", line) for line in (*diagnostic.help, f"recipe explain {diagnostic.code}")]
    for word, line in remarks:
        yield f"{gutter} = ", _FRAME
        yield f"{word}: ", "bold"
        before = len(f"{gutter} = {word}: ")
        yield "\n".join(wrapped(visible(line), columns, hang=before, used=before)) + "\n", ""


def _ansi(pieces: Iterable[Piece]) -> str:
    # rich is the most expensive import here; only coloured output pays for it.
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    text = Text()
    for piece, style in pieces:
        text.append(piece, style)
    out = StringIO()
    console = Console(file=out, force_terminal=True, color_system="standard", highlight=False, legacy_windows=False)
    console.print(text, soft_wrap=True, end="")
    return out.getvalue()
