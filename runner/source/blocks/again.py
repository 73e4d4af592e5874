"""Layers of a block, ``residual`` or ``parallel`` that are applied once more: a ``shared`` layer for each of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runner.source.yaml.nodes import MappingNode, Node, Scalar
from runner.source.yaml.nodes import Sequence as Nodes


@dataclass(frozen=True)
class Span:
    """The plain layers that one composite layer stands for.

    Attributes:
        name: of the composite, with which the names of its layers begin.
        start: number of its first layer among all.
        stop: one past the last.
        before: name of the layer whose output it takes.
        output: name of the layer that gives its output.
    """

    name: str
    start: int
    stop: int
    before: str
    output: str


@dataclass(frozen=True)
class Again:
    """A layer to be applied once more.

    Attributes:
        layer: its name.
        name: that the new use gets.
        inputs: names of what the new use takes.
    """

    layer: str
    name: str
    inputs: tuple[str, ...]


def again(span: Span, layers: Sequence[Node], name: str, before: str) -> Iterator[Again]:
    """Yield the new use of every layer of a composite, in their order.

    Args:
        span: of the composite.
        layers: all plain layers so far.
        name: that takes the place of the composite's.
        before: name of the layer whose output the new use takes.
    """
    renamed = {span.before: before}
    last = span.before
    for node in layers[span.start : span.stop]:
        own = _text(node, "name")
        if own is None or not isinstance(node, MappingNode):
            continue  # what is no layer is told by the check of the recipe
        inputs = _names(node) or [last]
        renamed[own] = new = name + own.removeprefix(span.name)
        yield Again(own, new, tuple(renamed.get(source, source) for source in inputs))
        last = own


def output_of(span: Span, name: str, before: str) -> str:
    """Name of the layer that gives the output of a new use; what it takes where the composite has no layers."""
    return before if span.start == span.stop else name + span.output.removeprefix(span.name)


def _text(node: Node, key: str) -> str | None:
    found = node.get(key) if isinstance(node, MappingNode) else None
    return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else None


def _names(node: MappingNode) -> list[str]:
    written = node.get("inputs")
    if not isinstance(written, Nodes):
        return []
    return [item.value for item in written.items if isinstance(item, Scalar) and isinstance(item.value, str)]
