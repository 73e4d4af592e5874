"""Unions of which a recipe names few variants."""

from functools import cached_property
from typing import Annotated, Any, get_args

from pydantic import BaseModel, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


class ByTag:
    """Says of a union that ``key`` names the variant, as pydantic's ``Field(discriminator=key)`` does.

    The same recipes are valid and the JSON Schema is the same. But that one builds the validators of all variants
    beforehand; here a variant's is built when a recipe first names it. Each then costs a little more, so that this is
    for unions like the layers', of which most recipes use a few, and not for the schedules'.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self._union: Any = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        self._union = source
        return core_schema.no_info_plain_validator_function(self._validated)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        union: Any = Annotated[self._union, Field(discriminator=self.key)]
        return handler(TypeAdapter(union).core_schema)

    @cached_property
    def _variants(self) -> dict[Any, type[BaseModel]]:
        variants = get_args(self._union)
        return {tag: cls for cls in variants for tag in get_args(cls.model_fields[self.key].annotation)}

    def _validated(self, value: Any) -> BaseModel:
        tag = value.get(self.key) if isinstance(value, dict) else getattr(value, self.key, None)
        variant = self._variants.get(tag) if isinstance(tag, str) else None
        if variant is None:
            raise PydanticCustomError("unknown_tag", "{key} names no variant", {"key": self.key})
        return variant.model_validate(value, by_alias=True, by_name=False)
