"""Describes the keys of a mapping of the recipe language, from its JSON Schema."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, TypeAdapter

from runner.numerals import setting
from schemas.base import Node
from schemas.docs import classes_below, field_docs
from schemas.export import Generator
from schemas.quantities import DurationField

Schema = Mapping[str, Any]

_OPEN_END = 1e6
"""Bounds from here on only exclude absurd values and are not shown."""
_BOUNDS = (
    (("exclusiveMinimum", ">"), ("minimum", "≥")),
    (("exclusiveMaximum", "<"), ("maximum", "≤")),
)
_TURNED = {">": "<", "≥": "≤"}


class Key(NamedTuple):
    """A key and its description."""

    name: str
    """Name, dotted if it is inside another key: ``up.duration``, ``phases[].name``."""
    text: str
    """Type, default and meaning."""


def keys_of(model: type[BaseModel]) -> list[Key]:
    """All keys of a model of ``schemas.schedule``; keys of nested mappings follow the key that holds them."""
    schema = model.model_json_schema(schema_generator=Generator)
    return list(_keys(model, {model.__name__: schema, **schema.get("$defs", {})}, ""))


def _keys(model: type[BaseModel], schemas: Schema, prefix: str) -> Iterator[Key]:
    texts, mapping = field_docs(model), schemas[model.__name__]
    for name, node in mapping["properties"].items():
        required = name in mapping.get("required", ())
        yield Key(f"{prefix}{name}", text_of(node, texts.get(name, ""), required=required))
        for inner, suffix in mappings_of(node):
            yield from _keys(_nested(inner), schemas, f"{prefix}{name}{suffix}.")


def _nested(name: str) -> type[BaseModel]:
    """The class of a mapping, by its name in the JSON Schema, which no two mappings of the language share."""
    return next(cls for cls in classes_below(Node) if cls.__name__ == name)


def mappings_of(node: Schema) -> Iterator[tuple[str, str]]:
    """Yield the names of the mappings that a value may be, and the prefixes of their keys."""
    if "$ref" in node:
        yield node["$ref"].removeprefix("#/$defs/"), ""
    elif node.get("type") == "array":
        yield from ((name, f"[]{suffix}") for name, suffix in mappings_of(node["items"]))
    elif "anyOf" in node:
        for part in node["anyOf"]:
            yield from mappings_of(part)


def text_of(node: Schema, meaning: str, *, required: bool) -> str:
    """Type, default and meaning of a key."""
    default = node.get("default")
    if required:
        need = ", required"
    elif default in (None, "") or isinstance(default, dict):
        need = ", optional"
    else:
        need = f", default {_value(default)}"
    return f"{_kind(node)}{need}: {' '.join(meaning.replace('``', '').split())}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return setting(value) if isinstance(value, float) else str(value)


def _kind(node: Schema) -> str:
    """Type of a value, in words."""
    if "$ref" in node:
        return "mapping"
    if "const" in node:
        return str(node["const"])
    if "enum" in node:
        return " | ".join(node["enum"])
    if "discriminator" in node:
        return _kinds(node["discriminator"]["mapping"])
    if "anyOf" in node:
        return " or ".join(dict.fromkeys(_kind(part) for part in node["anyOf"] if _is_shown(part)))
    match node["type"]:
        case "array":
            kind = _kind(node["items"])
            return f"list of any of {kind}" if "enum" in node["items"] else f"list of {_plural(kind)}"
        case "object":
            return "mapping"
        case "boolean":
            return "true or false"
        case "string":
            return "duration" if node.get("pattern") == _duration_pattern() else "text"
        case "integer":
            return _bounded("whole number", node)
        case _:
            return _bounded("number", node)


def _kinds(mapping: Schema) -> str:
    """A mapping of one of several kinds."""
    if "dense" in mapping:
        return "layer"
    inner = "1cycle" in mapping and "plateau" not in mapping  # the base of a plateau
    return "schedule of any other kind" if inner else "mapping of one of the kinds"


def _is_shown(part: Schema) -> bool:
    """Whether to show a part: not null, shown as optional, nor a ratio such as ``1/255``, also a number."""
    return part.get("type") != "null" and "/" not in part.get("pattern", "")


def _plural(kind: str) -> str:
    noun, space, rest = kind.partition(" ")
    return f"{noun}s{space}{rest}"


def _bounded(noun: str, node: Schema) -> str:
    """A number with its bounds: ``number > 0``, ``0 ≤ number < 1``."""
    low, high = (_sign(node, keys) for keys in _BOUNDS)
    if low and high:
        return f"{low[1]} {_TURNED[low[0]]} {noun} {high[0]} {high[1]}"
    return " ".join((noun, *low, *high))


def _sign(node: Schema, keys: tuple[tuple[str, str], ...]) -> tuple[str, str] | tuple[()]:
    found = [(sign, setting(node[key])) for key, sign in keys if key in node and node[key] < _OPEN_END]
    return found[0] if found else ()


def _duration_pattern() -> str:
    pattern: str = TypeAdapter(DurationField).json_schema()["pattern"]
    return pattern
