"""A line of the recipe with carets under the text in question."""

from dataclasses import dataclass

from runner.diagnostics.model import Span
from runner.diagnostics.visible import take, visible
from runner.text import width

_CUT = "…"
_CONTEXT = 40
"""Columns of text kept at least before the carets when a line is too long to show whole, or half of a narrow one."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The printed line, and the indent and number of the carets."""

    text: str
    indent: int
    carets: int


def excerpt(line: str, span: Span, *, columns: int) -> Excerpt:
    """Show ``line`` with carets under ``span``, cut to ``columns`` around the carets.

    Args:
        line: The whole line as it is in the file.
        span: The place on the line; it may start one past the last character (the end of the line).
        columns: Maximum width of the text on the terminal.
    """
    start = min(span.column - 1, len(line))
    before, marked, after = line[:start], line[start : start + span.length], line[start + span.length :]
    head, middle = visible(_tail(before, columns)), visible(marked[:columns])
    rest = visible(after[:columns])
    if width(head) + width(middle) + width(rest) > columns or len(before) > columns:
        head = _shortened_head(head, max(min(_CONTEXT, columns // 2), columns - width(middle) - width(rest)))
        middle = _shortened(middle, max(columns - width(head) - 1, 10))
    shown = head + middle + _shortened(rest, columns - width(head) - width(middle))
    return Excerpt(shown, width(head), max(width(middle), 1))


def _tail(text: str, columns: int) -> str:
    """The end of ``text`` that can still be visible, so that megabytes of text cost nothing."""
    return text[-columns - 1 :]


def _shortened_head(head: str, columns: int) -> str:
    if width(head) <= columns:
        return head
    backwards = take(head[::-1], columns - 1)
    return _CUT + backwards[::-1]


def _shortened(text: str, columns: int) -> str:
    if width(text) <= columns:
        return text
    return take(text, max(columns - 1, 0)) + _CUT
