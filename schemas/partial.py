"""The JSON Schema of a recipe that extends another, from the schema of a whole one.

``extends`` merges mappings and replaces lists: what a mapping leaves out may stand in the base, while a list is whole.
"""

from typing import Any

Schema = dict[str, Any]
_REFERENCE = "#/$defs/"
_EXTENDS: Schema = {
    "description": "Recipes whose values this one takes over; later ones win, and this file wins over all.",
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
}


def partial(root: str, defs: dict[str, Schema]) -> dict[str, Schema]:
    """Definitions named ``PartOf…`` of mappings of which nothing is required, but ``extends`` at the root."""
    parts: dict[str, Schema] = {}
    _collect(root, defs, parts)
    whole = parts[_part(root)]
    whole["properties"] = {"extends": _EXTENDS, **whole["properties"]}
    whole["required"] = ["extends"]
    return parts


def _part(name: str) -> str:
    return f"PartOf{name}"


def _collect(name: str, defs: dict[str, Schema], parts: dict[str, Schema]) -> None:
    if _part(name) in parts:
        return
    part = {key: value for key, value in defs[name].items() if key != "required"}
    parts[_part(name)] = part
    part["properties"] = {key: _relaxed(value, defs, parts) for key, value in part["properties"].items()}


def _relaxed(schema: Schema, defs: dict[str, Schema], parts: dict[str, Schema]) -> Schema:
    """The same with references to parts; of several variants any may fit, since the tag may be the base's to say."""
    relaxed = dict(schema)
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REFERENCE)
        _collect(name, defs, parts)
        relaxed["$ref"] = _REFERENCE + _part(name)
    for key in ("anyOf", "oneOf"):
        if key in relaxed:
            relaxed["anyOf"] = [_relaxed(option, defs, parts) for option in relaxed.pop(key)]
            relaxed.pop("discriminator", None)
    return relaxed
