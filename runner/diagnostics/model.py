"""A diagnostic and its place in a text."""

from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]
Format = Literal["full", "concise", "json", "github"]

ARGUMENT = "--set "
"""Prefix of a span's ``file`` if the text came from the command line."""
VARIABLE = "RECIPE__"
"""Prefix if the text came from an environment variable, such as ``RECIPE__TRAINING__EPOCHS``."""


class Span(NamedTuple):
    """A stretch of one line.

    ``line`` and ``column`` count from 1; ``column`` and ``length`` are in characters. For text from the command line
    ``file`` is, for example, ``--set training.epochs``, and columns refer to the whole argument.
    """

    file: str
    line: int
    column: int
    length: int

    @property
    def end_column(self) -> int:
        """Column after the last character."""
        return self.column + self.length

    @property
    def is_argument(self) -> bool:
        """Whether the text came from the command line or the environment rather than a file."""
        return self.file.startswith((ARGUMENT, VARIABLE))


class Diagnostic(NamedTuple):
    """One error, warning or note, with everything needed to print it."""

    code: str
    """Stable code, such as ``R012``; ``recipe explain`` has a page for each."""
    message: str
    """Names the argument, the rule and the value received."""
    severity: Severity = "error"
    span: Span | None = None
    """The text in question; None if there is none."""
    label: str = ""
    """Text after the carets, such as ``did you mean 'dropout'?``."""
    help: tuple[str, ...] = ()
    """Ways to fix it, one per line."""
    notes: tuple[str, ...] = ()
    """Facts that explain the message, one per line."""
    fix: str | None = None
    """Replacement for the text of the span, for ``validate --fix``."""
    excerpt: str | None = None
    """The whole line of the span, as it is in the file."""
