"""Human-readable diagnostics: the full form with an excerpt, and the concise form of one line each."""

from collections.abc import Iterable, Iterator, Sequence

from runner.diagnostics.excerpt import excerpt
from runner.diagnostics.machine_readable import render_github, render_json
from runner.diagnostics.model import Diagnostic, Format, Span
from runner.diagnostics.visible import visible

Piece = tuple[str, str]
"""Text and its rich style, used if colour is wanted."""

_COLOURS = {"error": "bold red", "warning": "bold yellow"}
_FRAME = "bold blue"


def render(diagnostics: Iterable[Diagnostic], form: Format = "full", *, color: bool = False, columns: int = 120) -> str:
    """Render diagnostics in one of the formats of ``--output-format``.

    Args:
        diagnostics: The diagnostics, in the order to print them.
        form: ``full``, ``concise``, ``json`` (one array) or ``github`` (workflow commands).
        color: Whether ``full`` uses ANSI colours.
        columns: Width to which ``full`` cuts long lines.

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


def render_full(diagnostics: Sequence[Diagnostic], *, color: bool = False, columns: int = 120) -> str:
    """Each diagnostic with its excerpt and help, separated by blank lines."""
    pieces: list[Piece] = []
    for index, diagnostic in enumerate(diagnostics):
        if index:
            pieces.append(("\n", ""))
        pieces.extend(_full(diagnostic, columns))
    return _ansi(pieces) if color else "".join(text for text, _ in pieces)


def _full(diagnostic: Diagnostic, columns: int) -> Iterator[Piece]:
    yield f"{diagnostic.severity}[{diagnostic.code}]", _COLOURS[diagnostic.severity]
    yield f": {visible(diagnostic.message)}\n", "bold"
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
    yield from _remarks(diagnostic, gutter)


def _place(span: Span) -> str:
    return visible(span.file) if span.is_argument else f"{visible(span.file)}:{span.line}:{span.column}"


def _source(diagnostic: Diagnostic, span: Span, line: str, number: str, columns: int) -> Iterator[Piece]:
    gutter = " " * len(number)
    shown = excerpt(line, span, columns=max(columns - len(number) - 3, 20))
    yield f"{gutter} |\n", _FRAME
    yield f"{number} | ", _FRAME
    yield f"{shown.text}\n", ""
    yield f"{gutter} | ", _FRAME
    label = f" {visible(diagnostic.label)}" if diagnostic.label else ""
    yield " " * shown.indent + "^" * shown.carets + f"{label}\n", _COLOURS[diagnostic.severity]


def _remarks(diagnostic: Diagnostic, gutter: str) -> Iterator[Piece]:
    remarks = [("note", note) for note in diagnostic.notes]
    remarks += [("help", line) for line in (*diagnostic.help, f"recipe explain {diagnostic.code}")]
    for word, line in remarks:
        yield f"{gutter} = ", _FRAME
        yield f"{word}: ", "bold"
        yield f"{visible(line)}\n", ""


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
