"""Untrusted text in diagnostics: visible, short, and of known width on a terminal."""

from collections.abc import Iterator

from runner.text import columns_of, printable

_TAB = "    "


def visible(text: str) -> str:
    """Text that a terminal neither acts on nor hides; a tab is four spaces, so that carets stay under it."""
    return printable(text.replace("\t", _TAB))


def shorten(text: str, limit: int = 60) -> str:
    """The first ``limit`` characters, with an ellipsis when there are more."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def quoted(value: object) -> str:
    """A value of a recipe as messages show it: text in quotes, containers by name, never long."""
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
    """The longest beginning of visible text that fits into so many columns."""
    return "".join(_within(text, columns))


def _within(text: str, columns: int) -> Iterator[str]:
    for character in text:
        columns -= columns_of(character)
        if columns < 0:
            return
        yield character
