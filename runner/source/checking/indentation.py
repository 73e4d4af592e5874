"""Finds keys that belong to a key before them: their lines lack an indentation."""

from collections.abc import Iterator

from runner.diagnostics import Diagnostic
from runner.diagnostics.visible import quoted
from runner.source.checking.allowed import Model, Shape, Tagged, flatten
from runner.source.checking.complaints import Remarks, complain
from runner.source.checking.expected import listing
from runner.source.yaml.nodes import MappingNode, Node, Scalar

_NAMED = 4
"""Keys that a message names."""


def unindented(node: MappingNode, shape: Model) -> dict[str, list[str]]:
    """The keys that belong to an empty key before them, by that key.

    Args:
        node: What the recipe has.
        shape: The keys that the schema allows there; a key that it allows ends the lines of the empty one.
    """
    found: dict[str, list[str]] = {}
    owner, keys = "", frozenset[str]()
    for name, entry in () if node.flow else node.entries.items():
        if name in shape.fields:
            owner = name if _is_empty(entry.value) else ""
            keys = frozenset(_keys(shape.field(name))) if owner else frozenset()
        elif name in keys:
            found.setdefault(owner, []).append(name)
    return found


def beside_their_mapping(node: MappingNode, shape: Model) -> dict[str, str]:
    """Unknown keys that the mapping before them lacks, each with that mapping's key: ``layers`` after ``model``."""
    found = {}
    owner, keys = "", frozenset[str]()
    for name, entry in node.entries.items():
        if name in shape.fields:
            value = entry.value
            owner = name if isinstance(value, MappingNode) else ""
            keys = frozenset(_keys(shape.field(name))) - set(value.entries) if isinstance(value, MappingNode) else keys
        elif owner and name in keys:
            found[name] = owner
    return found


def without_indentation(node: MappingNode, owner: str, names: list[str]) -> Diagnostic:
    """The error for an empty key and the keys after it that belong to it."""
    shown = [quoted(name) for name in names[:_NAMED]]
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    are = "is its key" if len(names) == 1 else "are its keys"
    help = f"indent {listing([*shown, *more], 'and')} below it: {'it' if len(names) == 1 else 'they'} {are}"
    message = f"{quoted(owner)} must be a mapping, got nothing"
    return complain("R013", message, node.entries[owner].key, Remarks(help=help))


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None and node.start == node.end


def _keys(shape: Shape) -> Iterator[str]:
    for option in flatten(shape):
        if isinstance(option, Model):
            yield from option.fields
        elif isinstance(option, Tagged):
            for _, model in option.variants:
                yield from model.fields
