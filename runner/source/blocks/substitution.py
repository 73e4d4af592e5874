"""Puts the values of arguments where a block's layers name them, ``$filters``."""

import re
from collections.abc import Callable, Iterator

from runner.source.yaml.nodes import Entry, MappingNode, Node, Scalar, Sequence

_REFERENCE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]{0,63})")
NESTED = ("layers", "shortcut", "branches")
"""Keys of composite layers that hold layers of their own."""


def reference(node: Node) -> str | None:
    """The argument that a value names; None if it is any other value."""
    match = _REFERENCE.fullmatch(node.value) if isinstance(node, Scalar) and isinstance(node.value, str) else None
    return match[1] if match else None


def references(node: Node) -> Iterator[tuple[str, Scalar]]:
    """Yield the arguments that a node names anywhere in it, with the values that do."""
    match node:
        case Scalar() if (name := reference(node)) is not None:
            yield name, node
        case Sequence():
            for item in node.items:
                yield from references(item)
        case MappingNode():
            for entry in node.entries.values():
                yield from references(entry.value)


def substituted(node: Node, value_of: Callable[[str, Scalar], Node]) -> Node:
    """The node with the values of the arguments that it names."""
    match node:
        case Scalar() if (name := reference(node)) is not None:
            return value_of(name, node)
        case Sequence():
            items = tuple(substituted(item, value_of) for item in node.items)
            return Sequence(node.source, node.start, node.end, items)
        case MappingNode():
            return node.replace(
                {name: Entry(entry.key, substituted(entry.value, value_of)) for name, entry in node.entries.items()}
            )
        case _:
            return node


def count(node: Node) -> int:
    """Number of values, lists and mappings in a node."""
    match node:
        case Sequence():
            return 1 + sum(count(item) for item in node.items)
        case MappingNode():
            return 1 + sum(count(entry.value) for entry in node.entries.values())
        case _:
            return 1
