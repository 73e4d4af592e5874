"""A place in a text and what there is to say about it."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]
Format = Literal["full", "concise", "json", "github"]

ARGUMENT = "--set "
"""How the ``file`` of a span begins when the text stood on the command line."""
VARIABLE = "RECIPE__"
"""How it begins when the text was a variable of the environment, such as ``RECIPE__TRAINING__EPOCHS``."""


class Span(NamedTuple):
    """A stretch of one line.

    ``line`` and ``column`` count from 1, ``column`` and ``length`` in characters. For text that stood on
    the command line ``file`` is ``--set training.epochs`` and the columns count in the whole argument.
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
        """Whether the text is no file's: an argument of the command line, or a variable."""
        return self.file.startswith((ARGUMENT, VARIABLE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One thing to tell the person, with everything that printing it needs."""

    code: str
    """Stable code, such as ``R012``; ``recipe explain`` has a page for each."""
    message: str
    """Names the argument, the rule and the value received."""
    severity: Severity = "error"
    span: Span | None = None
    """Where; None when no text is to blame."""
    label: str = ""
    """Text after the carets, such as ``did you mean 'dropout'?``."""
    help: tuple[str, ...] = ()
    """Ways out, one a line."""
    notes: tuple[str, ...] = ()
    """Facts that explain the message, one a line."""
    fix: str | None = None
    """Text that would stand in place of the span's, for ``validate --fix``."""
    excerpt: str | None = None
    """The whole line that the span is on, as the file has it."""
