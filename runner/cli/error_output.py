"""The one form of an error on the command line: ``error: …`` followed by details and help."""

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from runner.text import printable


def say(message: str, help: Sequence[str] = (), details: Sequence[str] = ()) -> None:
    """Print an error on stderr, followed by its details and help, one per line.

    Continuation lines of a message are indented so that none can pass for a separate error.
    """
    first, *further = message.split("\n")
    print(f"error: {printable(first)}", file=sys.stderr)
    for line in (*further, *details):
        print(f"  {printable(line.strip())}", file=sys.stderr)
    for line in help:
        print(f"  = help: {printable(line)}", file=sys.stderr)


def fail(message: str, help: Sequence[str] = (), *, code: int = 2, details: Sequence[str] = ()) -> NoReturn:
    """Print an error, its details and help on stderr, and exit with ``code``."""
    say(message, help, details)
    raise typer.Exit(code)
