"""How a quantity stands in a recipe: text that a function reads."""

from collections.abc import Callable
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Written:
    """Reads a quantity by ``parse`` and writes it by ``str``.

    pydantic's own ``PlainValidator`` and ``PlainSerializer`` do the same, and each of them works out what the class
    would look like as a mapping, which nobody asks for: for every duration of the language once more.

    Args:
        parse: raises ValueError when the text has another form.
        pattern: the form, for the JSON Schema.
    """

    def __init__(self, parse: Callable[[object], object], pattern: str) -> None:
        self._parse = parse
        self._pattern = pattern

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.plain_serializer_function_ser_schema(str, return_schema=core_schema.str_schema())
        return core_schema.no_info_plain_validator_function(self._parse, serialization=text)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": self._pattern}
