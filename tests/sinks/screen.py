"""A terminal as small as the tests need: it obeys what rich sends, and tells when a line was too long."""

import re
import unicodedata

_TOKEN = re.compile(r"\x1b\[(?P<arguments>[?\d;]*)(?P<command>[A-Za-z])|(?P<character>.)", re.DOTALL)


class TerminalScreen:
    """Lines of text, a cursor, and no limit to scrolling back."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.lines = [""]
        self.row = self.column = 0
        self.overflowed: list[str] = []
        self.cursor_shown = True

    def feed(self, text: str) -> "TerminalScreen":
        """Take in what a program wrote."""
        for token in _TOKEN.finditer(text):
            if token["command"]:
                self._obey(token["command"], token["arguments"])
            else:
                self._show(token["character"])
        return self

    def _obey(self, command: str, arguments: str) -> None:
        match command, arguments:
            case "A", _:
                self.row = max(0, self.row - int(arguments or 1))
            case "K", "2":
                self.lines[self.row] = ""
            case "l" | "h", "?25":
                self.cursor_shown = command == "h"
            case "m", _:
                pass
            case _:
                raise AssertionError(f"rich sent something new: {command!r} {arguments!r}")

    def _show(self, character: str) -> None:
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.row, self.column = self.row + 1, 0
            self.lines += [""] * (self.row + 1 - len(self.lines))
        else:
            assert unicodedata.category(character) not in ("Cc", "Cf"), f"raw {character!r}"
            line = self.lines[self.row].ljust(self.column)
            self.lines[self.row] = line[: self.column] + character + line[self.column + 1 :]
            self.column += 1
            if self.column > self.width:
                self.overflowed.append(self.lines[self.row])

    @property
    def text(self) -> str:
        """All lines, without spaces at their ends."""
        return "\n".join(line.rstrip() for line in self.lines)
