"""The language as JSON Schema (2020-12), for editors and other programs."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from schemas.base import Node
from schemas.docs import classes_below, field_docs
from schemas.partial import partial
from schemas.recipe import Recipe
from schemas.written import Quantity

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


class Generator(GenerateJsonSchema):
    """Writes the defaults of quantities as in a recipe."""

    def encode_default(self, dft: Any) -> Any:
        """A default in JSON."""
        return str(dft) if isinstance(dft, Quantity) else super().encode_default(dft)


@cache
def json_schema() -> Schema:
    """The schema of a recipe file: a complete recipe, or one that extends another and contains only the differences.

    It is made once per process, which takes a third of a second, and is not to be changed.
    """
    whole = Recipe.model_json_schema(by_alias=True, schema_generator=Generator)
    defs: dict[str, Schema] = whole.pop("$defs") | {"Recipe": whole}
    for model in classes_below(Node):
        if model.__name__ in defs:
            _describe(model, defs[model.__name__])
    for part in _all(defs):
        if isinstance(part.get("patternProperties"), dict):
            part["additionalProperties"] = False  # keys can have no other form than the pattern
    defs |= partial("Recipe", defs)
    schema = {
        "$schema": DIALECT,
        "title": "Recipe",
        "description": Recipe.__doc__,
        "type": "object",
        "anyOf": [{"$ref": "#/$defs/Recipe"}, {"$ref": "#/$defs/PartOfRecipe"}],
        "$defs": dict(sorted(defs.items())),
    }
    return cast(Schema, json.loads(json.dumps(schema)))  # defaults that are tuples become arrays


def _describe(model: type[BaseModel], schema: Schema) -> None:
    """Add what pydantic omits: the texts below the fields, and defaults made by a factory."""
    texts = field_docs(model)
    for name, field in model.model_fields.items():
        described = schema["properties"][field.alias or name]
        described.pop("title", None)  # only the key again, capitalised
        if (field.alias or name) in texts:
            described["description"] = texts[field.alias or name]
        if get_origin(field.annotation) is Literal and len(get_args(field.annotation)) == 1:
            described["description"] = model.__doc__  # the key that names a kind has the text of the kind
        if not field.is_required():
            described["default"] = _plain(field.get_default(call_default_factory=True, validated_data={}))


def _plain(default: Any) -> Any:
    match default:
        case BaseModel():
            return default.model_dump(mode="json")
        case Quantity():
            return str(default)
        case _:
            return default


def _all(value: Any) -> Iterator[Schema]:
    """Yield every mapping in a schema."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _all(item)
