r"""Text of recipes, datasets and exceptions, made safe to show.

A terminal obeys what it is sent: an escape sequence in a recipe's name could clear the screen, and a bidi
override could make a line read as another. Everything that came from outside passes :func:`printable` first.
"""

import shlex
import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
"""Unicode categories that act on their surroundings or show as nothing: controls (C0, C1, DEL), format
characters (bidi overrides, zero-width joiners, tags), surrogates, unassigned, line and paragraph separators."""


def printable(text: str) -> str:
    r"""Show control and other invisible characters by their escapes; leave the rest as it is.

    A line feed becomes ``\n`` too, so that one value cannot pose as two lines; callers that want several lines
    split first. The result holds no escape sequence, encodes to UTF-8, and is plain text: print it with markup
    off.

    Args:
        text: any string, such as ``"\x1b[2J"``.

    Returns:
        The same text with hidden characters as ``\n``, ``\x1b``, ``\u202e`` or ``\U000e0041``.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def one_line(text: str) -> str:
    """A message of several lines, such as a library's, as one: printable, and with blanks for the line feeds.

    Text of one line is no such message: a line feed at its end is a part of it and shown.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return printable(" ".join(lines) if len(lines) > 1 else text)


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN:
        return character
    # unicode_escape has the short forms of Python literals, and takes lone surrogates
    return character.encode("unicode_escape").decode("ascii")


def argument(word: object) -> str:
    """A path or a name as a shell takes it, for a command in a message.

    >>> argument("my runs/last")
    "'my runs/last'"
    """
    return printable(shlex.quote(str(word)))


def csv_cell(text: str) -> str:
    """Text for a CSV cell: hidden characters made visible, and a prefix where a spreadsheet would calculate it."""
    shown = printable(text)
    return f"'{shown}" if shown.startswith(("=", "+", "-", "@")) else shown


def width(text: str) -> int:
    """Columns that printable text takes on a terminal."""
    return len(text) if text.isascii() else sum(map(columns_of, text))


def columns_of(character: str) -> int:
    """Columns of one character: two of a wide one, none of a combining one."""
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
