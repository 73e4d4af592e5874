"""Finds the valid form of something that is written in an invalid shorter form."""

from collections.abc import Callable, Iterator
from typing import Any

from runner.diagnostics import suggest, sure
from runner.diagnostics.names import plain
from runner.source.checking.allowed import Leaf, Many, Model, Shape, Tagged, flatten
from runner.source.checking.leaves import judge
from runner.source.yaml.nodes import MappingNode, Node, Scalar, Sequence, to_data
from runner.source.yaml.scalars import Value
from schemas.quantities import Duration

_MOST = 3
_LONGEST = 60
"""Characters of a list that a form repeats; a longer one is shown as ``[…]``."""


def forms_of(node: Scalar, model: Model) -> list[str]:
    """Mappings that a single value may stand for: ``warmup: 5`` means ``{duration: 5 epochs}``."""
    if len(model.required) > 1:
        return []
    keys = model.required or list(model.fields)
    ways = [_words_of(node, model, keys), _lists_of(node, model, keys)]
    ways.append([f"{{{key}: {text}}}" for key in keys for text in _texts(node, model, key)])
    return next(filter(None, ways), [])[:_MOST]


def _words_of(node: Scalar, model: Model, keys: list[str]) -> list[str]:
    """Forms with keys of which the value is one of the choices: they say more than keys that take any text."""
    leaves = {key: [one for one in flatten(model.field(key)) if isinstance(one, Leaf)] for key in keys}
    if not isinstance(node.value, str):
        return []
    words = {key: [str(word) for leaf in leaves[key] for word in leaf.choices] for key in keys}
    exact = [f"{{{key}: {node.value}}}" for key in keys if node.value in words[key]]
    return exact or [f"{{{key}: {word}}}" for key in keys if (word := suggest(node.value, words[key]))]


def _lists_of(node: Scalar, model: Model, keys: list[str]) -> list[str]:
    """Forms with keys that take a list of one such value."""
    lists = {key: next((one for one in flatten(model.field(key)) if isinstance(one, Many)), None) for key in keys}
    taking = [key for key, many in lists.items() if many and many.fits(1) and _is_item(node.value, many)]
    return [f"{{{key}: [{node.source.text[node.start : node.end]}]}}" for key in taking]


def _is_item(value: Value, many: Many) -> bool:
    leaves = [one for one in flatten(many.item) if isinstance(one, Leaf)]
    return bool(leaves) and judge(value, leaves) is None


def forms_of_list(node: Sequence, model: Model, fits: Callable[[Node, Shape], bool]) -> list[str]:
    """Mappings that a list may stand for: ``units: [16, 32]`` in a sweep means ``{choice: [16, 32]}``."""
    if len(model.required) > 1:
        return []
    shapes = {key: model.field(key) for key in model.required or model.fields}
    lists = [key for key, shape in shapes.items() if any(isinstance(option, Many) for option in flatten(shape))]
    written = node.source.text[node.start : node.end]
    plain_list = written.startswith("[") and len(written) <= _LONGEST and "\n" not in written
    short = written if plain_list else "[…]"
    return [f"{{{key}: {short}}}" for key in lists if fits(node, shapes[key])]


def _texts(node: Scalar, model: Model, key: str) -> Iterator[str]:
    leaves = [option for option in flatten(model.field(key)) if isinstance(option, Leaf)]
    written = node.source.text[node.start : node.end]
    if leaves and judge(node.value, leaves) is None:
        yield written
    elif any(leaf.base is Duration for leaf in leaves) and _is_number(node.value):
        yield from (f"{written} {unit}{'' if node.value == 1 else 's'}" for unit in ("epoch", "step"))


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


def kind_by_another_key(node: MappingNode, kinds: Tagged) -> Scalar | None:
    """The key by which a mapping without a kind says its kind: ``{type: adam}``, ``{name: Adam}``."""
    for name, entry in node.entries.items():
        value = entry.value.value if isinstance(entry.value, Scalar) else None
        if isinstance(value, str) and (value in kinds.by_tag or sure(value, kinds.by_tag)):
            return entry.key
        if suggest(name, [kinds.key]):
            return entry.key
    return None


def key_as_kind(node: MappingNode, model: Model) -> str:
    """The mapping that is meant where a key is written as a kind: ``{kind: l2, factor: 0.01}`` means ``{l2: 0.01}``."""
    kind = node.entries.get("kind")
    name = kind.value.value if kind and isinstance(kind.value, Scalar) else None
    key = next((field for field in model.fields if plain(field) == plain(str(name))), None)
    if "kind" in model.fields or key is None:
        return ""
    values = [entry.value for other, entry in node.entries.items() if other != "kind"]
    one = values[0] if len(values) == 1 and isinstance(values[0], Scalar) else None
    return f"{{{key}: {one.source.text[one.start : one.end] if one else '…'}}}"


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
