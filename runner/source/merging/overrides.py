"""Values from outside the files: ``--set training.epochs=20`` and ``RECIPE__TRAINING__EPOCHS=20``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from runner.diagnostics import Diagnostic
from runner.diagnostics.model import ARGUMENT, VARIABLE
from runner.diagnostics.visible import quoted
from runner.source.checking.allowed import Leaf, Many, Model, Shape, Table, Tagged, flatten
from runner.source.checking.complaints import Keys, Remarks, about_key
from runner.source.merging.merge import changes_kind
from runner.source.yaml.nodes import DISCRIMINATORS, Entry, MappingNode, Node, Scalar, Sequence
from runner.source.yaml.parse import parse
from runner.source.yaml.positions import Refused, SourceText
from runner.source.yaml.read import Budget, check_characters


@dataclass(frozen=True, slots=True)
class Override:
    """A path and the value to set; None resets the key to its default."""

    parts: tuple[Scalar, ...]
    value: Node | None


def from_environment(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """The variables that set a key, as (name, ``path=value``); ``__`` becomes a dot, capitals become lower case."""
    return [
        (name, f"{name.removeprefix(VARIABLE).lower().replace('__', '.')}={value}")
        for name, value in sorted(environment.items())
        if name.startswith(VARIABLE)
    ]


def argument(text: str, name: str = "") -> SourceText:
    """The text of an override; diagnostics call it ``name`` or, by default, ``--set`` with its path."""
    return SourceText(name or ARGUMENT + text.partition("=")[0], text)


def parse_override(source: SourceText) -> tuple[Override, list[Diagnostic]]:
    """Parse ``path=VALUE``, divided at the first ``=``; VALUE is YAML.

    Raises:
        Refused: the argument has another form, or VALUE is not YAML.
    """
    text = source.text
    path, equals, value = text.partition("=")
    check_characters(source)
    if not equals or not value.strip() or not all(path.split(".")):
        help = "null resets a key to its default, '\"\"' is empty text"
        message = f"an override must have the form 'key.key=VALUE', got {quoted(text)}"
        raise Refused(source.diagnostic("R024", message, 0, len(text), help=(help,)))
    node, problems = parse(source, Budget(), offset=len(path) + 1)
    empty = node is None or (isinstance(node, Scalar) and node.value is None and not node.broken)
    return Override(tuple(_parts(source, path)), None if empty else node), problems


def _parts(source: SourceText, path: str) -> Iterable[Scalar]:
    start = 0
    for part in path.split("."):
        yield Scalar(source, start, start + len(part), part)
        start += len(part) + 1


def apply(root: MappingNode, override: Override, shape: Shape) -> MappingNode:
    """Apply an override to a recipe; missing mappings on its path are created.

    Raises:
        Refused: the language has no such path, or an index is beyond its list.
    """
    changed = _put(root, override.parts, override.value, [shape])
    assert isinstance(changed, MappingNode)
    return changed


def _put(node: Node | None, parts: tuple[Scalar, ...], value: Node | None, shapes: list[Shape]) -> Node:
    part = parts[0]
    match node:
        case Sequence():
            return _put_item(node, parts, value, shapes)
        case MappingNode():
            return _put_key(node, parts, value, shapes)
        case None:
            return _put_key(MappingNode(part.source, part.start, part.end, {}), parts, value, shapes)
        case Scalar(value=None):
            return _put(None, parts, value, shapes)
        case _:
            raise _unknown(part, f"the value before {quoted(part.value)} is {quoted(node.value)}, which has no keys")


def _put_key(node: MappingNode, parts: tuple[Scalar, ...], value: Node | None, shapes: list[Shape]) -> Node:
    part, rest = parts[0], parts[1:]
    name = str(part.value)
    below = _below(part, node, shapes, removed=value is None)
    entries = dict(node.entries)
    if value is None and name not in entries:
        return node  # nothing to remove
    if rest:
        entries[name] = Entry(part, _put(node.get(name), rest, value, below))
    elif value is None:
        entries.pop(name, None)
    else:
        entries[name] = Entry(part, value)
        if name in DISCRIMINATORS and changes_kind(node, node.replace(entries)):
            entries = {name: entries[name]}
    return node.replace(entries)


def _put_item(node: Sequence, parts: tuple[Scalar, ...], value: Node | None, shapes: list[Shape]) -> Node:
    part, rest = parts[0], parts[1:]
    text = str(part.value)
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) >= len(node.items):
        raise _unknown(part, f"the list has the items 0 to {len(node.items) - 1}, got {quoted(text)}")
    index = int(text)
    if value is None and not rest:
        raise _unknown(part, "an item of a list has no default", "give the whole list")
    below = [shape.item for option in shapes for shape in flatten(option) if isinstance(shape, Many)]
    item = _put(node.items[index], rest, value, below) if rest else value
    assert item is not None
    return Sequence(node.source, node.start, node.end, (*node.items[:index], item, *node.items[index + 1 :]))


def _below(part: Scalar, node: MappingNode, shapes: list[Shape], *, removed: bool) -> list[Shape]:
    """The shapes that the schema allows under a key.

    A key that is being removed may belong to a kind that the mapping no longer has, or be unknown to the language.

    Raises:
        Refused: the schema has no such key here.
    """
    options = [option for shape in shapes for option in flatten(shape) if option != Leaf(Any)]
    models = [model for option in options for model in _models(option, None if removed else node)]
    tables = [option.value for option in options if isinstance(option, Table)]
    name = str(part.value)
    below = [model.field(name) for model in models if name in model.fields] + tables
    if below or not (models or options) or (removed and name in node.entries):
        return below
    choices = list(dict.fromkeys(key for model in models for key in model.fields))
    kinds = next((option for option in options if isinstance(option, Tagged)), None)
    remarks = about_key(name, choices, Keys(choices, "this place", kinds)) if choices else Remarks()
    raise _unknown(part, f"unknown key {quoted(name)}", remarks.help, remarks.label)


def _models(shape: Shape, node: MappingNode | None) -> list[Model]:
    """The possible models of a mapping: the one of its kind, or all if the kind is unknown."""
    match shape:
        case Model():
            return [shape]
        case Tagged():
            tag = node.get(shape.key) if node else None
            known = shape.by_tag.get(str(tag.value)) if isinstance(tag, Scalar) else None
            return [known] if known else list(shape.by_tag.values())
        case _:
            return []


def _unknown(part: Scalar, message: str, help: str = "", label: str = "") -> Refused:
    remarks = (help,) * bool(help)
    return Refused(part.source.diagnostic("R025", message, part.start, part.end, label=label, help=remarks))
