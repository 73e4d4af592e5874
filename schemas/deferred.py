"""Types of keys that most recipes leave out."""

from functools import cached_property
from importlib import import_module
from typing import Annotated, Any, cast, get_args, get_origin

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, core_schema

from schemas.base import Node


class Deferred:
    """Says where the type of a key is; its module is imported, and its validator built, when a recipe has the key.

    It stands at ``Any``. The same recipes are valid as with the type itself, and the JSON Schema is the same.
    """

    def __init__(self, place: str) -> None:
        self.place = place

    @cached_property
    def type(self) -> Any:
        """The type."""
        module, _, name = self.place.partition(":")
        return getattr(import_module(module), name)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(self._written, info_arg=True)
        return core_schema.no_info_plain_validator_function(self._validated, serialization=written)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        # within another schema, whose parts are asked for what they say of themselves
        return handler(core_schema.chain_schema([self._adapter.core_schema]))

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        bare = get_args(self.type)[0] if get_origin(self.type) is Annotated else self.type
        # pydantic refuses a configuration for models, which have their own
        own = isinstance(bare, type) and issubclass(bare, BaseModel)
        return TypeAdapter(self.type, config=None if own else Node.model_config)

    def _validated(self, value: Any) -> Any:
        return self._adapter.validate_python(value, by_alias=True, by_name=False)

    def _written(self, value: Any, info: core_schema.SerializationInfo) -> Any:
        return self._adapter.dump_python(
            value,
            mode="json" if info.mode == "json" else "python",
            include=cast(Any, info.include),
            exclude=cast(Any, info.exclude),
            by_alias=info.by_alias,
            exclude_unset=info.exclude_unset,
            exclude_defaults=info.exclude_defaults,
            exclude_none=info.exclude_none,
        )


def deferred(place: str) -> Any:
    """The type at a place such as ``schemas.sweep:Sweep``, for the annotation of a key."""
    return Annotated[Any, Deferred(place)]
