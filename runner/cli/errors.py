"""The one form of what stands in a verb's way: ``error: …`` and, below, the ways out."""

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from runner.text import printable


def say(message: str, help: Sequence[str] = (), details: Sequence[str] = ()) -> None:
    """Print an error on stderr, with what belongs to it (each on a line of its own) and the ways out.

    Further lines of a message are indented, so that none can pose as an error of its own.
    """
    first, *further = message.split("\n")
    print(f"error: {printable(first)}", file=sys.stderr)
    for line in (*further, *details):
        print(f"  {printable(line.strip())}", file=sys.stderr)
    for line in help:
        print(f"  = help: {printable(line)}", file=sys.stderr)


def fail(message: str, help: Sequence[str] = (), *, code: int = 2, details: Sequence[str] = ()) -> NoReturn:
    """Print an error, its details and the ways out on stderr, and leave."""
    say(message, help, details)
    raise typer.Exit(code)
