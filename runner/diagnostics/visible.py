"""Untrusted text in diagnostics: visible, short, and of known width on a terminal."""

from collections.abc import Iterator

from runner.text import columns_of, printable

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


def take(text: str, columns: int) -> str:
    """The longest prefix of visible text that fits into ``columns``."""
    return "".join(_within(text, columns))


def _within(text: str, columns: int) -> Iterator[str]:
    for character in text:
        columns -= columns_of(character)
        if columns < 0:
            return
        yield character
