"""The layers of a plan by the blocks that they are in, which their names say: ``stage.1.conv2d_1``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runner.model.build import LayerShape

Scope = tuple[str, ...]
"""The names of a block and of those around it, the outermost first."""


@dataclass(frozen=True)
class Branch:
    """A block with the layers in it, or a layer by itself."""

    depth: int
    """How many blocks are around it."""
    name: str
    layers: "Sequence[LayerShape]"
    """Its layers in order; of a layer by itself, that one."""
    is_block: bool

    @property
    def parameters(self) -> int:
        """Of all its layers."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def multiply_adds(self) -> int | None:
        """Of all its layers; None if those of one are not known."""
        return total_multiply_adds(self.layers)


def total_multiply_adds(layers: "Sequence[LayerShape]") -> int | None:
    """Multiply-adds of one example in a forward pass; None if those of a layer are not known."""
    counts = [layer.multiply_adds for layer in layers]
    return None if None in counts else sum(count for count in counts if count is not None)


def scopes_of(layers: "Sequence[LayerShape]") -> list[Scope]:
    """The block of each layer. A dropout that follows from a key of a layer is in the block of that layer."""
    found: list[Scope] = []
    by_name: dict[str, Scope] = {}
    for layer in layers:
        own = tuple(layer.name.split(".")[:-1])
        follows = layer.dropout is not None and layer.origin is not None and not own
        scope = by_name.get(layer.inputs[0], ()) if follows and layer.inputs else own
        found.append(scope)
        by_name[layer.name] = scope
    return found


def tree_of(layers: "Sequence[LayerShape]") -> Iterator[Branch]:
    """Yield each block before the layers in it, and the layers in order."""
    scopes = scopes_of(layers)
    open_: Scope = ()
    for k, (layer, scope) in enumerate(zip(layers, scopes, strict=True)):
        for depth in range(shared(open_, scope), len(scope)):
            inner = _run(layers, scopes, k, scope[: depth + 1])
            yield Branch(depth, scope[depth], inner, is_block=True)
        open_ = scope
        yield Branch(len(scope), layer.name.rpartition(".")[2], (layer,), is_block=False)


def shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Number of blocks that two scopes have in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((depth for depth, (a, b) in pairs if a != b), min(len(one), len(other)))


def _run(layers: "Sequence[LayerShape]", scopes: Sequence[Scope], start: int, scope: Scope) -> "Sequence[LayerShape]":
    """The layers from one on that are in a block."""
    stop = start
    while stop < len(layers) and scopes[stop][: len(scope)] == scope:
        stop += 1
    return layers[start:stop]
