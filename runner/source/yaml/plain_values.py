"""Reads single-line values, and lists and mappings in brackets, of the common subset of YAML."""

import re
from collections.abc import Iterator

from runner.source.yaml.nodes import Entry, MappingNode, Node, Scalar, Sequence
from runner.source.yaml.positions import SourceText
from runner.source.yaml.scalars import Value, resolve

# Here a sign or a dot can only start a number: '- ', '---' and '...' have special meanings.
_FIRST = r"(?:[A-Za-z0-9_/+(~$]|[-.](?=[0-9]))"
BLOCK_SCALAR = re.compile(rf"{_FIRST}(?:[^\n:#]*[^\n:# ])?")
_FLOW_SCALAR = re.compile(rf"{_FIRST}(?:[A-Za-z0-9_./+()%<>=^* -]*[A-Za-z0-9_./+()%<>=^*-])?")
_QUOTED = re.compile(r""""([^"\\\n]*)"|'([^'\n]*)'""")
_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_]{0,63}):(?=[ \n]) *")
_BETWEEN = r"[ \n]*(?:(?<=[ \n])#[^\n]*\n[ \n]*)*"
_GAP = re.compile(_BETWEEN)
"""Between the tokens of a flow collection: spaces, line breaks and comments."""
_PART_END = re.compile(rf"{_BETWEEN}(?:(,){_BETWEEN}|(?=[\]}}]))")
"""After a part of a flow collection: a comma and white space, or the closing bracket."""
_DEEPEST = 16


class Unclear(Exception):
    """The text must be read by the full reader."""


class FlowReader:
    """A position in a text; methods read from it and advance it.

    Attributes:
        at: the position.
        count: number of keys and values so far, including lists and mappings.
    """

    def __init__(self, source: SourceText) -> None:
        self.at = 0
        self.count = 0
        self._source = source
        self._text = source.text + "\n"

    def _value(self, plain: re.Pattern[str], depth: int) -> Node:
        start = self.at
        match self._text[start : start + 1]:
            case "{":
                return self._flow_mapping(depth)
            case "[":
                return self._flow_sequence(depth)
            case "'" | '"' as quote:
                self.at = self._match(_QUOTED).end()
                return self._scalar(start, self.at, self._text[start + 1 : self.at - 1], quote)
            case _:
                self.at = self._match(plain).end()
                return self._scalar(start, self.at, resolve(self._text[start : self.at]))

    def _flow_mapping(self, depth: int) -> MappingNode:
        start = self._open(depth)
        entries: dict[str, Entry] = {}
        for _ in self._parts("}"):
            key = self._key(entries)
            if self._text[self.at] in "\n#":
                self._skip(_GAP)
            entries[str(key.value)] = Entry(key, self._value(_FLOW_SCALAR, depth + 1))
        return MappingNode(self._source, start, self.at, entries, flow=True)

    def _flow_sequence(self, depth: int) -> Sequence:
        start = self._open(depth)
        items = tuple([self._value(_FLOW_SCALAR, depth + 1) for _ in self._parts("]")])
        return Sequence(self._source, start, self.at, items)

    def _parts(self, closing: str) -> Iterator[None]:
        """Stop at every part between two brackets, and advance past the closing one."""
        self._skip(_GAP, 1)
        more = not self._sees(closing)
        while more:
            yield
            match = self._match(_PART_END)
            more = match[1] is not None
            self.at = match.end()
        if not self._sees(closing):
            raise Unclear
        self.at += 1

    def _key(self, entries: dict[str, Entry]) -> Scalar:
        match = self._match(_KEY)
        name = match[1]
        if name in entries or resolve(name) != name:
            raise Unclear
        self.at = match.end()  # after the colon and spaces
        return self._scalar(*match.span(1), name)

    def _scalar(self, start: int, end: int, value: Value, style: str = "") -> Scalar:
        self.count += 1
        return Scalar(self._source, start, end, value, style)

    def _open(self, depth: int) -> int:
        """Enter a list or mapping and return its start."""
        self.count += 1
        if depth > _DEEPEST:
            raise Unclear
        return self.at

    def _at_key(self) -> bool:
        return _KEY.match(self._text, self.at) is not None

    def _sees(self, sign: str) -> bool:
        return self._text.startswith(sign, self.at)

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self._text, self.at)
        if match is None:
            raise Unclear
        return match

    def _skip(self, pattern: re.Pattern[str], signs: int = 0) -> None:
        """Advance past ``signs`` characters and past a match of ``pattern``."""
        self.at += signs
        self.at = self._match(pattern).end()
