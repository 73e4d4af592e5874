"""Finds the valid form of something that is written in an invalid shorter form."""

from collections.abc import Iterator
from typing import Any

from runner.diagnostics.names import plain
from runner.source.checking.allowed import Leaf, Model, Tagged, flatten
from runner.source.checking.leaves import judge
from runner.source.yaml.nodes import MappingNode, Node, Scalar, Sequence, to_data
from runner.source.yaml.scalars import Value
from schemas.quantities import Duration

_MOST = 3


def forms_of(node: Scalar, model: Model) -> list[str]:
    """Mappings that a single value may stand for: ``warmup: 5`` means ``{duration: 5 epochs}``."""
    if len(model.required) > 1:
        return []
    keys = model.required or list(model.fields)
    found = [f"{{{key}: {text}}}" for key in keys for text in _texts(node, model, key)]
    return found[:_MOST]


def _texts(node: Scalar, model: Model, key: str) -> Iterator[str]:
    leaves = [option for option in flatten(model.field(key)) if isinstance(option, Leaf)]
    written = node.source.text[node.start : node.end]
    if leaves and judge(node.value, leaves) is None:
        yield written
    elif any(leaf.base is Duration for leaf in leaves) and _is_number(node.value):
        yield f"{written} epoch{'' if node.value == 1 else 's'}"


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def kind_as_key(node: MappingNode, kinds: Tagged) -> tuple[Scalar, str] | None:
    """The key that names a kind, and the intended mapping: ``{dropout: 0.3}`` means ``{kind: dropout, rate: 0.3}``.

    Returns:
        None if no key of the mapping is a kind.
    """
    tags = {plain(tag): tag for tag in kinds.by_tag}
    for name, entry in node.entries.items():
        if plain(name) in tags and name not in _shared(kinds):
            return entry.key, _mapping(kinds, tags[plain(name)], entry.value, node, name)
    return None


def _mapping(kinds: Tagged, tag: str, value: Node, node: MappingNode, name: str) -> str:
    from runner.source.editing.emit import to_flow

    model = kinds.by_tag[tag]
    needed = [key for key in model.required if key != kinds.key]
    beside = {key: to_data(entry.value) for key, entry in node.entries.items() if key != name}
    entries = {kinds.key: tag, **_values_of(value, needed), **beside}
    gaps = "".join(f", {key}: …" for key in needed if key not in entries)
    lost = ", …" if not needed and isinstance(value, Sequence) else ""
    return f"{to_flow(entries).removesuffix('}')}{gaps}{lost}}}"


def _values_of(value: Node, needed: list[str]) -> dict[str, Any]:
    """Keys expressed by the value after the name of a kind."""
    if isinstance(value, MappingNode):
        return {key: to_data(entry.value) for key, entry in value.entries.items()}
    empty = isinstance(value, Scalar) and (value.value is None or isinstance(value.value, bool))
    return {} if empty or not needed else {needed[0]: to_data(value)}


def _shared(kinds: Tagged) -> set[str]:
    """Keys of any of the kinds."""
    return set.intersection(*(set(model.fields) for model in kinds.by_tag.values()))
