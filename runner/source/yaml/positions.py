"""A text and its lines: converts offsets to spans."""

import re
from bisect import bisect_right
from functools import cached_property
from pathlib import Path

from runner.diagnostics import Diagnostic, Span

BOM = "\ufeff"
# The line breaks of YAML 1.2. Others (NEL, LS, PS) are rejected on reading, since programs disagree about them.
_LINE_BREAK = r"\r\n|\n|\r"


class SourceText:
    """The text of a file without its byte order mark, or of one command-line argument.

    Offsets count characters from the start of ``text``.

    Attributes:
        name: The name for diagnostics: the path as the user gave it, or ``--set training.epochs``.
        text: The text.
        path: The opened file, with links of its folder resolved; None for an argument.
        bom: The byte order mark, if the file has one.
    """

    def __init__(self, name: str, text: str, path: Path | None = None, bom: str = "") -> None:
        self.name, self.text, self.path, self.bom = name, text, path, bom

    @property
    def written(self) -> str:
        """The text of the file as read, with its byte order mark."""
        return self.bom + self.text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer(_LINE_BREAK, self.text))]

    def line_of(self, offset: int) -> int:
        """The 1-based number of the line at an offset."""
        return bisect_right(self._starts, offset)

    def offset_of(self, line: int) -> int:
        """The offset at which a 1-based line starts."""
        return self._starts[line - 1]

    def line(self, number: int) -> str:
        """The text of a 1-based line, without its line break."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def span(self, start: int, end: int) -> Span:
        """The span of ``text[start:end]``, cut at the end of its first line."""
        line = self.line_of(start)
        column = start - self._starts[line - 1]
        rest = len(self.line(line)) - column
        return Span(self.name, line, column + 1, max(min(end - start, rest), 1))

    def offsets(self, span: Span) -> tuple[int, int]:
        """Start and end offsets of a span in ``text``."""
        start = self._starts[span.line - 1] + span.column - 1
        return start, start + span.length

    def diagnostic(
        self,
        code: str,
        message: str,
        start: int,
        end: int,
        *,
        label: str = "",
        help: tuple[str, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> Diagnostic:
        """An error about ``text[start:end]``, with its line as the excerpt."""
        span = self.span(start, end)
        return Diagnostic(
            code=code, message=message, span=span, excerpt=self.line(span.line), label=label, help=help, notes=notes
        )


class Refused(Exception):
    """Reading cannot continue; carries the diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic
