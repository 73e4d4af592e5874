"""Untrusted text in diagnostics: visible, short, and of known width on a terminal."""

import unicodedata
from collections.abc import Iterator

from runner.text import printable

_TAB = "    "


def visible(text: str) -> str:
    """Text without characters that control a terminal or are invisible; tabs become four spaces, to align carets."""
    return printable(text.replace("\t", _TAB))


def shorten(text: str, limit: int = 60) -> str:
    """The first ``limit`` characters, with an ellipsis if there are more."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def quoted(value: object) -> str:
    """A recipe value as shown in messages: text in quotes, containers by type, always short."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return "'" + printable(shorten(value, 40)) + "'"
        case dict():
            return "a mapping"
        case list() | tuple():
            return f"a list of {len(value)}" if value else "an empty list"
        case _:
            return shorten(repr(value), 40)


def width(text: str) -> int:
    """Number of terminal columns of visible text: 2 for wide characters, 0 for combining ones."""
    return len(text) if text.isascii() else sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def take(text: str, columns: int) -> str:
    """The longest prefix of visible text that fits into ``columns``."""
    return "".join(_within(text, columns))


def _within(text: str, columns: int) -> Iterator[str]:
    for character in text:
        columns -= _columns(character)
        if columns < 0:
            return
        yield character
