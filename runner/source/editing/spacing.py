"""Normalizes blanks between keys, values and punctuation: ``{kind: dense, units: 3}``."""

import re
from collections.abc import Iterator
from itertools import pairwise

from runner.source.editing.edit import Change, spliced
from runner.source.yaml.nodes import MappingNode, Node, Scalar, Sequence

_COLON = re.compile(r"[ \t]*:[ \t]*")
_COMMA = re.compile(r"[ \t]*,[ \t]*")
_BEFORE_END = re.compile(r"[ \t]*,?[ \t]*")
_BLANKS = re.compile(r"[ \t]*")


def spaced(root: Node) -> str:
    """The text of ``root`` with one blank after ``:`` and ``,`` and none inside brackets.

    Line breaks and comments, and the blanks next to them, are kept.
    """
    return spliced(root.source.text, _changes(root))


def _changes(node: Node) -> Iterator[Change]:
    match node:
        case MappingNode():
            for entry in node.entries.values():
                if entry.value.start > entry.key.end and not _is_nothing(entry.value):
                    yield from _gap(node, entry.key.end, entry.value.start, _COLON, ": ")
                yield from _changes(entry.value)
            if node.flow:
                spans = [(e.key.start, max(e.key.end, e.value.end)) for e in node.entries.values()]
                yield from _between(node, spans)
        case Sequence():
            for item in node.items:
                yield from _changes(item)
            if node.source.text[node.start : node.start + 1] == "[":
                yield from _between(node, [(item.start, item.end) for item in node.items])


def _is_nothing(value: Node) -> bool:
    return isinstance(value, Scalar) and value.start == value.end


def _between(node: Node, spans: list[tuple[int, int]]) -> Iterator[Change]:
    first = spans[0][0] if spans else node.end - 1
    yield from _gap(node, node.start + 1, first, _BLANKS, "")
    for (_, end), (start, _) in pairwise(spans):
        yield from _gap(node, end, start, _COMMA, ", ")
    if spans:
        yield from _gap(node, spans[-1][1], node.end - 1, _BEFORE_END, "")


def _gap(node: Node, start: int, end: int, form: re.Pattern[str], new: str) -> Iterator[Change]:
    """Yield a change, if the gap contains nothing unexpected."""
    gap = node.source.text[start:end]
    if start <= end and gap != new and form.fullmatch(gap):
        yield start, end, new
