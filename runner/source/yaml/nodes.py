"""The tree of a recipe: every value knows the text it came from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from runner.diagnostics import Span
from runner.source.yaml.positions import SourceText
from runner.source.yaml.scalars import Value

Path = tuple[str | int, ...]
"""Keys and indices from the root, such as ``('model', 'layers', 2, 'units')``."""
Data = dict[str, Any]
"""A recipe as plain Python values; the leaves are text, numbers, booleans and None."""

EXTENDS = "extends"
"""The key of a recipe that names the files below it."""

VERSION_KEY = "recipe"
"""The key that states a file's version of the language."""

DISCRIMINATORS = ("kind", "source")
"""Keys whose value decides which other keys a mapping may have."""


# Nothing changes a node, but no dataclass here is frozen: that trebles the time to make one, and a recipe has hundreds.
@dataclass(slots=True)
class NodeBase:
    """Common part of all nodes: ``source.text[start:end]`` is the node's text."""

    source: SourceText = field(repr=False)
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The span of the node; for a multi-line node, its first line."""
        return self.source.span(self.start, self.end)

    @property
    def line(self) -> str:
        """The whole line on which the node starts."""
        return self.source.line(self.span.line)

    @property
    def place(self) -> tuple[str, int]:
        """An identity of the node's text: file and offset."""
        return self.source.name, self.start


@dataclass(slots=True)
class Scalar(NodeBase):
    """A leaf, or a key."""

    value: Value
    style: str = ""
    """``'``, ``"``, ``|`` or ``>``; empty for a plain scalar."""
    broken: bool = False
    """Whether the value has been rejected already, so that it is not reported again."""


@dataclass(slots=True)
class Sequence(NodeBase):
    """A list."""

    items: tuple["Node", ...]


class Entry(NamedTuple):
    """A key with its value."""

    key: Scalar
    value: "Node"


@dataclass(slots=True)
class MappingNode(NodeBase):
    """A mapping with text keys."""

    entries: Mapping[str, Entry]
    flow: bool = False
    """Whether it is written ``{key: value}``."""
    partial: bool = False
    """Whether a key of it could not be read, which has been reported."""

    def replace(self, entries: Mapping[str, Entry]) -> "MappingNode":
        """A copy of the mapping with other entries."""
        return MappingNode(self.source, self.start, self.end, entries, self.flow, self.partial)

    def get(self, key: str) -> "Node | None":
        """The value of a key, or None."""
        entry = self.entries.get(key)
        return entry.value if entry else None


Node = Scalar | Sequence | MappingNode


def to_data(node: Node) -> Any:
    """The node as new plain Python values."""
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return [to_data(item) for item in node.items]
        case MappingNode():
            return {key: to_data(entry.value) for key, entry in node.entries.items()}


def steps(root: Node, path: Path) -> Iterator[tuple[Scalar | None, Node]]:
    """Yield the nodes along a path, each with its key (None for the root and for list items).

    Stops where the path leaves the tree, so the last node is the nearest existing ancestor.
    """
    node: Node = root
    yield None, node
    for part in path:
        match node, part:
            case MappingNode(), str() if part in node.entries:
                entry = node.entries[part]
                node = entry.value
                yield entry.key, node
            case Sequence(), int() if 0 <= part < len(node.items):
                node = node.items[part]
                yield None, node
            case _:
                return


def texts(node: Node) -> Iterator[Scalar | Node]:
    """Yield a node and all keys and values in it."""
    yield node
    match node:
        case Sequence():
            for item in node.items:
                yield from texts(item)
        case MappingNode():
            for entry in node.entries.values():
                yield entry.key
                yield from texts(entry.value)


def text_of(key: Scalar | None, node: Node) -> Scalar | Node:
    """The node to underline for a value: the value itself, or its key if it is a block or empty."""
    text = node.source.text[node.start : node.end]
    block = not isinstance(node, Scalar) and not text.startswith(("{", "["))
    return key if key is not None and (not text or block or "\n" in text) else node
