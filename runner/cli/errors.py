"""The one form of what stands in a verb's way: ``error: …`` and, below, the ways out."""

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from runner.text import printable


def say(message: str, help: Sequence[str] = ()) -> None:
    """Print an error on stderr, with the ways out.

    Further lines of a message are indented, so that none can pose as an error of its own.
    """
    first, *further = message.split("\n")
    print(f"error: {printable(first)}", file=sys.stderr)
    for line in further:
        print(f"  {printable(line.strip())}", file=sys.stderr)
    for line in help:
        print(f"  = help: {printable(line)}", file=sys.stderr)


def fail(message: str, help: Sequence[str] = (), *, code: int = 2) -> NoReturn:
    """Print an error and the ways out on stderr, and leave."""
    say(message, help)
    raise typer.Exit(code)
