"""A fast line-by-line reader for the common subset of YAML, which covers nearly every recipe.

ruamel reads all of YAML, but takes more time per recipe than everything else together. Texts without errors and
without rare features are therefore read here. The one rule: if in doubt, give no answer. Anything this reader does not
handle with certainty (tabs, block scalars, multi-line values, tags, other quotes) and anything possibly wrong is left
to ``runner.source.yaml.compose``, so that errors are reported in one place. If both readers accept a text, they build
the same tree with the same positions; the tests compare them.
"""

import re

from runner.source.yaml.nodes import Entry, MappingNode, Node, Sequence
from runner.source.yaml.plain_values import BLOCK_SCALAR, FlowReader, Unclear
from runner.source.yaml.positions import SourceText
from runner.source.yaml.read import Budget

_SPACES = re.compile(r" *")
_BLANKS = r"(?: *(?:#[^\n]*)?\n)*( *)"
_FIRST_LINE = re.compile(_BLANKS)
_NEXT_LINE = re.compile(rf" *(?:(?<= )#[^\n]*)?\n{_BLANKS}")
"""The end of a line, blank lines and comments, and the indentation of the next line."""


def read_plain(source: SourceText, budget: Budget) -> MappingNode | None:
    """Read a recipe's text; None if this reader cannot.

    Args:
        source: the text, whose characters have been checked.
        budget: reduced by the number of nodes, if the text is read.
    """
    if "\t" in source.text or "\r" in source.text:
        return None
    reader = _Reader(source)
    try:
        root = reader.whole()
    except (Unclear, ValueError):  # ValueError: a number that does not fit
        return None
    if reader.count > budget.nodes:
        return None
    budget.nodes -= reader.count
    return root


class _Reader(FlowReader):
    """Reads lines: anything that starts a line ends with it, or with the lines of its block."""

    _column = 0
    """Indentation of the current line; -1 at the end."""

    def whole(self) -> MappingNode:
        self._next_line(_FIRST_LINE)
        if self._column != 0:
            raise Unclear
        root = self._block_mapping(0)
        if self.at < len(self._text):  # a line that belongs to no enclosing block
            raise Unclear
        return root

    def _next_line(self, pattern: re.Pattern[str] = _NEXT_LINE) -> None:
        start, self.at = self._match(pattern).span(1)
        self._column = self.at - start if self.at < len(self._text) else -1

    def _block_mapping(self, depth: int) -> MappingNode:
        start, indent = self._open(depth), self._column
        entries: dict[str, Entry] = {}
        end = start
        while self._column == indent and not self._sees("- "):
            key = self._key(entries)
            nested = self._text[self.at] in "\n#"
            value = self._nested(key.end + 1, indent, depth + 1) if nested else self._line_value(depth + 1)
            entries[str(key.value)] = Entry(key, value)
            end = value.end
        return MappingNode(self._source, start, end, entries)

    def _nested(self, colon: int, indent: int, depth: int) -> Node:
        """Read the value below a key: a list, which needs no indentation, a mapping, or nothing."""
        self._next_line()
        if self._column >= indent and self._sees("- "):
            return self._block_sequence(depth)
        if self._column > indent:
            return self._block_mapping(depth)
        return self._scalar(colon, colon, None)

    def _block_sequence(self, depth: int) -> Sequence:
        start, indent = self._open(depth), self._column
        items: list[Node] = []
        while self._column == indent and self._sees("- "):
            dash = self.at
            self._skip(_SPACES, 1)
            if self._at_key():
                self._column = indent + self.at - dash
                items.append(self._block_mapping(depth + 1))
            else:
                items.append(self._line_value(depth + 1))
        return Sequence(self._source, start, items[-1].end, tuple(items))

    def _line_value(self, depth: int) -> Node:
        """Read a value that ends with its line."""
        value = self._value(BLOCK_SCALAR, depth)
        self._next_line()
        return value
