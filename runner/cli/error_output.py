"""The one form of an error on the command line: ``error: …`` followed by details and help."""

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from runner.text import printable
from runner.wrapping import terminal_columns, wrapped


def say(message: str, help: Sequence[str] = (), details: Sequence[str] = ()) -> None:
    """Print an error on stderr, followed by its details and help, one per line.

    Continuation lines of a message are indented so that none can pass for a separate error.
    """
    first, *further = message.split("\n")
    columns = terminal_columns(sys.stderr)
    _print("error: ", first, columns, hang=4)
    for line in (*further, *details):
        _print("  ", line.strip(), columns, hang=4)
    for line in help:
        _print("  = help: ", line, columns, hang=10)


def _print(label: str, text: str, columns: int | None, *, hang: int) -> None:
    lines = wrapped(printable(text), columns, hang=hang, used=len(label))
    print(label + "\n".join(lines), file=sys.stderr)


def fail(message: str, help: Sequence[str] = (), *, code: int = 2, details: Sequence[str] = ()) -> NoReturn:
    """Print an error, its details and help on stderr, and exit with ``code``."""
    say(message, help, details)
    raise typer.Exit(code)
