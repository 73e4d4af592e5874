"""Messages in lines that fit the terminal; in a pipe or a file each stays one line."""

import os
import re
from typing import TextIO

from runner.text import printable, width

LABEL = 10
"""Width of the column of labels before what the program does."""

_PIECE = re.compile(r"(?:`[^`]*`|\S)+")
"""What a line keeps together: a word, and a command or piece of YAML between backquotes, which are for copying."""


def wrapped(text: str, columns: int | None, *, hang: int = 0, used: int = 0) -> list[str]:
    """Printable text in lines that fit a terminal, broken only between words and not within backquotes.

    A piece that is longer than a line begins one of its own and stays whole: the terminal breaks it, so that it is
    copied as it is.

    Args:
        text: one line of text.
        columns: of the terminal; None leaves it as it is.
        hang: spaces before every line but the first.
        used: columns that are taken before the first line.
    """
    if columns is None or used + width(text) <= columns:
        return [text]
    lines, room, ended = [""], columns - used, 0
    for found in _PIECE.finditer(text):
        gap, piece = text[ended : found.start()], found[0]
        if lines[-1] and width(lines[-1] + gap + piece) > room:
            lines, room, gap = [*lines, ""], columns - hang, ""
        lines[-1] += gap + piece
        ended = found.end()
    return [lines[0], *(" " * hang + line for line in lines[1:])]


def terminal_columns(stream: TextIO) -> int | None:
    """Columns of a stream that is a terminal; None where it is none or has no size."""
    try:
        return (os.get_terminal_size(stream.fileno()).columns or None) if stream.isatty() else None
    except (OSError, ValueError):  # closed
        return None


def labelled(label: str, text: str, stream: TextIO) -> str:
    """A line such as ``sweep     trial 0 begins``, wrapped beside its label if the stream is a terminal."""
    lines = wrapped(printable(text), terminal_columns(stream), hang=LABEL, used=LABEL)
    return f"{label:<{LABEL}}" + "\n".join(lines)
