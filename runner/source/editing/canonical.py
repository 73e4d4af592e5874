"""The canonical layout of a recipe's text; meaning, comments and order are kept."""

from collections.abc import Callable

from runner.source.editing.reindent import reindent
from runner.source.editing.spacing import spaced
from runner.source.yaml.nodes import MappingNode, Node, Scalar, Sequence, to_data
from runner.source.yaml.parse import parse
from runner.source.yaml.positions import Refused, SourceText
from runner.source.yaml.read import Budget, check_characters


def formatted(source: SourceText) -> str:
    """Format a recipe: line feeds, two columns per level, ``{kind: dense, units: 3}``, no trailing blanks.

    Each step is applied only if the text keeps its meaning, so that a text that a step does not understand is left
    unchanged.

    Raises:
        Refused: the text is not a readable recipe.
    """
    text = source.text.replace("\r\n", "\n").replace("\r", "\n")
    root = _read(source.name, text)
    steps: tuple[Callable[[MappingNode], str], ...] = (spaced, reindent, _trimmed)
    for step in steps:
        changed = step(root)
        if changed != root.source.text and _means_the_same(again := _read(source.name, changed), root):
            root = again
    return root.source.text


def _means_the_same(one: Node, other: Node) -> bool:
    return repr(to_data(one)) == repr(to_data(other))  # 1, 1.0 and true are equal but not the same


def _read(name: str, text: str) -> MappingNode:
    source = SourceText(name, text)
    check_characters(source)
    root, problems = parse(source, Budget())
    if problems:
        raise Refused(problems[0])
    if not isinstance(root, MappingNode):
        raise Refused(source.diagnostic("R019", "a recipe is a mapping of keys to values", 0, 1))
    return root


def _trimmed(root: MappingNode) -> str:
    """The text without trailing blanks, except in multi-line scalars, and with one line feed at the end."""
    source, kept = root.source, set(_lines_inside(root))
    lines = source.text.split("\n")
    trimmed = [line if number in kept else line.rstrip(" \t") for number, line in enumerate(lines, start=1)]
    return "\n".join(trimmed).rstrip("\n") + "\n"


def _lines_inside(node: Node) -> list[int]:
    """Lines that start within a scalar: blanks at their ends may belong to it."""
    match node:
        case Scalar():
            return list(range(node.source.line_of(node.start), node.source.line_of(node.end) + 1))[1:]
        case Sequence():
            return [line for item in node.items for line in _lines_inside(item)]
        case MappingNode():
            return [line for entry in node.entries.values() for line in _lines_inside(entry.value)]
