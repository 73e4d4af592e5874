"""The language as JSON Schema (2020-12), for editors and other programs."""

from typing import Any

from schemas.recipe import Recipe

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The schema of a recipe file: the recipe's own, and ``extends``.

    A file that extends another need not say again what its base says, so nothing at its root is required.
    """
    schema = Recipe.model_json_schema(by_alias=True)
    required = schema.pop("required")
    extends = {
        "description": "Recipes whose values this one takes over; later ones win, and this file wins over all.",
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
    }
    schema["properties"] = {"extends": extends, **schema["properties"]}
    return {"$schema": DIALECT, **schema, "anyOf": [{"required": ["extends"]}, {"required": required}]}
