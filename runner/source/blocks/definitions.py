"""The blocks of a model, as their definitions say."""

from dataclasses import dataclass

from runner.diagnostics import Diagnostic
from runner.source.blocks import faults
from runner.source.blocks.parts import as_class
from runner.source.blocks.substitution import references
from runner.source.checking.complaints import Place
from runner.source.yaml.nodes import Entry, MappingNode, Node, Scalar, Sequence
from schemas.composites import HasBlocks


@dataclass(frozen=True)
class Definition:
    """A block."""

    key: Scalar
    """Its name, as text."""
    arguments: dict[str, Node | None]
    """Default of each argument; None if it has none."""
    layers: tuple[Node, ...]


def definitions(model: MappingNode, *, complete: bool) -> tuple[dict[str, Definition] | None, list[Diagnostic]]:
    """The blocks of a model by name, and what is wrong with them; no blocks (None) if their form is wrong."""
    entry = model.entries.get("blocks")
    if entry is None:
        return {}, []
    alone = model.replace({"blocks": entry})
    found = as_class(alone, HasBlocks, Place("the model"), complete=complete)
    if isinstance(found, list):
        return None, []  # the check of the whole recipe tells it
    assert isinstance(entry.value, MappingNode)
    blocks = {name: _definition(block) for name, block in entry.value.entries.items()}
    return blocks, [problem for name, block in blocks.items() for problem in _faults(name, block, entry.value)]


def _definition(entry: Entry) -> Definition:
    assert isinstance(entry.value, MappingNode)
    arguments, layers = entry.value.get("arguments"), entry.value.get("layers")
    assert isinstance(layers, Sequence)
    defaults = (
        {name: item.value for name, item in arguments.entries.items()} if isinstance(arguments, MappingNode) else {}
    )
    given: dict[str, Node | None] = {name: None if _is_null(value) else value for name, value in defaults.items()}
    return Definition(entry.key, given, layers.items)


def _faults(name: str, block: Definition, blocks: MappingNode) -> list[Diagnostic]:
    named = [pair for layer in block.layers for pair in references(layer)]
    wrong = [
        faults.undeclared(node, word, name, block.arguments) for word, node in named if word not in block.arguments
    ]
    taken = {word for word, _ in named}
    arguments = blocks.entries[name].value
    assert isinstance(arguments, MappingNode)
    declared = arguments.get("arguments")
    keys = declared.entries if isinstance(declared, MappingNode) else {}
    return wrong + [faults.unused_argument(entry.key, name) for word, entry in keys.items() if word not in taken]


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None
