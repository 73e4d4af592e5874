"""``--help`` on a terminal of few columns, for which the library's own form is too wide."""

import shutil
from collections.abc import Sequence
from typing import Any

import typer

_LEAST = 52
"""Columns below which the library does not go: it writes 50, and leaves two free."""
_TERMS = 8
"""Columns that options take beside their texts; a longer one stands above its text."""

_Format: Any = typer.Context.formatter_class


class HelpFormat(_Format):  # type: ignore[misc]  # the class is a value, wherever this version of typer keeps it
    """The library's form, and on a narrow terminal one that fits it."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        columns = shutil.get_terminal_size().columns
        self._narrow = columns < _LEAST
        super().__init__(*arguments, **(named | ({"width": columns - 1} if self._narrow else {})))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms and their texts."""
        super().write_dl(rows, min(col_max, _TERMS) if self._narrow else col_max, col_spacing)


class HelpContext(typer.Context):
    """The context of a command whose help fits the terminal."""

    formatter_class = HelpFormat


def fitting(command: Any) -> Any:
    """The command, and those below it, with help that fits the terminal."""
    command.context_class = HelpContext
    for below in getattr(command, "commands", {}).values():
        fitting(below)
    return command
