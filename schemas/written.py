"""Quantities that are written as text and parsed by a function."""

from collections.abc import Callable
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Quantity:
    """A value with few parts: equal to another of its class with the same parts. Nothing changes it.

    What a frozen dataclass does, without the code that it compiles for every class whenever the program starts.
    """

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={part!r}' for name, part in vars(self).items())})"


class Written:
    """Annotation that reads a quantity with ``parse`` and writes it with ``str``.

    pydantic's ``PlainValidator`` and ``PlainSerializer`` do the same, but each of them also looks for a schema of the
    class, which is not used, for every duration in the language.

    Args:
        parse: the parser; raises ValueError if the text has another form.
        pattern: the pattern of the text, for the JSON Schema.
    """

    def __init__(self, parse: Callable[[object], object], pattern: str) -> None:
        self._parse = parse
        self._pattern = pattern

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.plain_serializer_function_ser_schema(str, return_schema=core_schema.str_schema())
        return core_schema.no_info_plain_validator_function(self._parse, serialization=text)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": self._pattern}
