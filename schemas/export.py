"""The language as JSON Schema (2020-12), for editors and other programs."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from schemas.base import Node
from schemas.docs import field_docs
from schemas.quantities import Duration
from schemas.recipe import Recipe

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The schema of a recipe file: the recipe's own, and ``extends``.

    A file that extends another need not say again what its base says, so nothing at its root is required.
    """
    schema = Recipe.model_json_schema(by_alias=True)
    for model in _models(Node):
        described = schema if model is Recipe else schema["$defs"].get(model.__name__)
        if described is not None:
            _describe(model, described)
    required = schema.pop("required")
    extends = {
        "description": "Recipes whose values this one takes over; later ones win, and this file wins over all.",
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
    }
    schema["properties"] = {"extends": extends, **schema["properties"]}
    return {"$schema": DIALECT, **schema, "anyOf": [{"required": ["extends"]}, {"required": required}]}


def _models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in base.__subclasses__():
        yield model
        yield from _models(model)


def _describe(model: type[BaseModel], schema: dict[str, Any]) -> None:
    """Add what pydantic leaves out: the texts under the fields, and defaults that a factory makes."""
    texts = field_docs(model)
    for name, field in model.model_fields.items():
        described = schema["properties"][field.alias or name]
        if (field.alias or name) in texts:
            described["description"] = texts[field.alias or name]
        if not field.is_required():
            described["default"] = _plain(field.get_default(call_default_factory=True, validated_data={}))


def _plain(value: Any) -> Any:
    """A default as a recipe would write it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return str(value) if isinstance(value, Duration) else value
