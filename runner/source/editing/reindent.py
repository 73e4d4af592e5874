"""Indents block mappings and lists by two columns per level."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from runner.source.yaml.nodes import MappingNode, Node, Scalar, Sequence

_STEP = 2
_BLANKS = re.compile(r" *")


def reindent(root: MappingNode) -> str:
    """The text of ``root`` with two columns per level; lists are indented by two columns below their key.

    Lines within a value move with it, and comments move with the key or item above or below them.
    """
    marks = _Marks(root)
    return "\n".join(
        marks.moved(number, line) if line.strip() else line
        for number, line in enumerate(root.source.text.split("\n"), start=1)
    )


def _indent(line: str) -> int:
    found = _BLANKS.match(line)
    return found.end() if found else 0


class _Marks:
    """The shift of every line that starts with a key or a dash."""

    def __init__(self, root: MappingNode) -> None:
        self._source = root.source
        self._shifts: dict[int, int] = {}
        self._inside: dict[int, int] = {}
        self._dashes: dict[int, list[tuple[int, int]]] = {}
        self._walk(root, 0)
        self._order = sorted(self._shifts)

    def _walk(self, node: Node, target: int) -> None:
        match node:
            case MappingNode(flow=False):
                for entry in node.entries.values():
                    self._place(entry.key.start, target)
                    self._below(entry.key.start, entry.value, target)
            case Sequence() if not self._is_flow(node):
                for item in node.items:
                    dash = self._dash_of(item)
                    self._place(dash, target)
                    self._below(dash, item, target)

    def _below(self, start: int, value: Node, target: int) -> None:
        """Mark the value of a key or a dash: a block one level deeper, or lines that move along."""
        if isinstance(value, Scalar) or self._is_flow(value):
            first, last = self._line(start), self._line(value.start + len(self._text(value).rstrip()))
            for number in range(first + 1, last + 1):
                self._inside[number] = target - self._column(start)
            return
        self._walk(value, target + _STEP)

    def _place(self, start: int, target: int) -> None:
        line = self._line(start)
        if self._source.line(line)[: self._column(start)].strip(" ") == "":
            self._shifts[line] = target - self._column(start)

    def _dash_of(self, item: Node) -> int:
        """The position of the item's dash; blanks after it shrink to one if the item starts on the same line."""
        text = self._source.text
        dash = text.rindex("-", 0, item.start)
        if text[dash + 1 : item.start].strip(" "):  # the item starts on a later line
            return dash
        self._dashes.setdefault(self._line(dash), []).append((self._column(dash), self._column(item.start)))
        return dash

    def moved(self, line: int, text: str) -> str:
        """The text of a line in its place."""
        return " " * max(_indent(text) + self._shift_of(line, text), 0) + self._tightened(line, text).lstrip(" ")

    def _tightened(self, line: int, text: str) -> str:
        for dash, item in sorted(self._dashes.get(line, ()), reverse=True):
            text = f"{text[: dash + 1]} {text[item:]}"
        return text

    def _shift_of(self, line: int, text: str) -> int:
        if line in self._inside:
            return self._inside[line]
        if line in self._shifts:
            return self._shifts[line]
        return next(self._neighbours(line, _indent(text)), 0)

    def _neighbours(self, line: int, column: int) -> Iterator[int]:
        """Shifts that a comment may follow: of the line below or above in its column, then of the next line."""
        at = bisect_left(self._order, line)
        near = [*self._order[at : at + 1], *self._order[max(at - 1, 0) : at]]
        yield from (self._shifts[other] for other in near if _indent(self._source.line(other)) == column)
        yield from (self._shifts[other] for other in near)

    def _is_flow(self, node: Node) -> bool:
        return self._text(node).startswith(("{", "["))

    def _text(self, node: Node) -> str:
        return node.source.text[node.start : node.end]

    def _line(self, offset: int) -> int:
        return self._source.line_of(offset)

    def _column(self, offset: int) -> int:
        return offset - self._source.offset_of(self._source.line_of(offset))
