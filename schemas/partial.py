"""The JSON Schema of a recipe that extends another, derived from the schema of a complete recipe.

``extends`` merges mappings and replaces lists: keys missing from a mapping may be in the base, but lists are complete.
"""

from typing import Any

Schema = dict[str, Any]
_REFERENCE = "#/$defs/"
_EXTENDS: Schema = {
    "description": "Recipes that this one extends; later ones override earlier ones, and this file overrides them all.",
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
}


def partial(root: str, defs: dict[str, Schema]) -> dict[str, Schema]:
    """Definitions named ``PartOf…`` of mappings without required keys, except ``extends`` at the root."""
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
    """The schema with references to parts; any variant may match, since the base may contain the tag."""
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
