"""Unions of which a recipe names few variants."""

import operator
from functools import cached_property, reduce
from importlib import import_module
from typing import Annotated, Any, Protocol, get_args

from pydantic import BaseModel, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


class Variants(Protocol):
    """Variants beyond those of a union; their classes are made when they are asked for."""

    def names(self) -> tuple[str, ...]:
        """All tags."""

    def variant(self, tag: str) -> type[BaseModel] | None:
        """The class of a tag; None if there is none."""

    def refusal(self, tag: str) -> str | None:
        """Why a tag that a person may expect is not among them; None for any other word."""


class Elsewhere:
    """Variants whose module is imported when a recipe first names one.

    Args:
        module: has them by their tags, as ``BY_KIND``.
        names: all tags.
    """

    def __init__(self, module: str, names: tuple[str, ...]) -> None:
        self.module, self._names = module, names

    def names(self) -> tuple[str, ...]:
        """All tags."""
        return self._names

    def variant(self, tag: str) -> type[Any] | None:
        """The class of a tag; None if there is none."""
        found: type[Any] | None = import_module(self.module).BY_KIND[tag] if tag in self._names else None
        return found

    def refusal(self, tag: str) -> None:
        """None: no word is expected and refused."""


class Joined:
    """Several variants as one; no tag is in two of them."""

    def __init__(self, *parts: Variants) -> None:
        self._parts = parts

    def names(self) -> tuple[str, ...]:
        """All tags."""
        return tuple(name for part in self._parts for name in part.names())

    def variant(self, tag: str) -> type[BaseModel] | None:
        """The class of a tag; None if there is none."""
        return next((cls for part in self._parts if (cls := part.variant(tag)) is not None), None)

    def refusal(self, tag: str) -> str | None:
        """Why a tag that a person may expect is not among them; None for any other word."""
        return next((why for part in self._parts if (why := part.refusal(tag)) is not None), None)


def by_tag(union: Any, key: str = "kind") -> dict[str, type[Any]]:
    """The classes of a union, or the only class, by their tags.

    >>> from schemas.model import Functional, Sequential
    >>> list(by_tag(Sequential | Functional))
    ['sequential', 'functional']
    """
    classes = get_args(union) or (union,)
    return {tag: cls for cls in classes for tag in get_args(cls.model_fields[key].annotation)}


class ByTag:
    """Says of a union that ``key`` names the variant, as pydantic's ``Field(discriminator=key)`` does.

    The same recipes are valid and the JSON Schema is the same. But that one builds the validators of all variants
    beforehand; here a variant's is built when a recipe first names it.

    ``more`` has further variants. A class of the union without a tag of its own is the base of these.
    """

    def __init__(self, key: str, more: Variants | None = None) -> None:
        self.key = key
        self.more = more
        self._union: Any = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        self._union = source
        return core_schema.no_info_plain_validator_function(self._validated)

    def union(self) -> Any:
        """The union of the variants."""
        return self._union

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        names = self.more.names() if self.more is not None else ()
        more = (cls for name in names if (cls := self._further(name)) is not None)
        classes = (*self.classes(self.union()), *more)
        union: Any = Annotated[reduce(operator.or_, classes), Field(discriminator=self.key)]
        return handler(TypeAdapter(union).core_schema)

    def classes(self, union: Any) -> tuple[type[BaseModel], ...]:
        """The classes of the union that have a tag."""
        return tuple(cls for cls in get_args(union) if get_args(cls.model_fields[self.key].annotation))

    @cached_property
    def _variants(self) -> dict[Any, type[BaseModel]]:
        return {
            tag: cls for cls in self.classes(self.union()) for tag in get_args(cls.model_fields[self.key].annotation)
        }

    def _further(self, tag: str) -> type[BaseModel] | None:
        return self.more.variant(tag) if self.more is not None else None

    def _validated(self, value: Any) -> BaseModel:
        tag = value.get(self.key) if isinstance(value, dict) else getattr(value, self.key, None)
        variant = (self._variants.get(tag) or self._further(tag)) if isinstance(tag, str) else None
        if variant is None:
            raise PydanticCustomError("unknown_tag", "{key} names no variant", {"key": self.key})
        return variant.model_validate(value, by_alias=True, by_name=False)


class ByTagLater(ByTag):
    """The same of a union whose module is imported when a recipe first has such a mapping.

    It stands at ``Any``, and says where the union is: for unions that most recipes do not use at all.
    """

    def __init__(self, key: str, place: str) -> None:
        super().__init__(key)
        self.place = place

    def union(self) -> Any:
        """The union of the variants."""
        module, _, name = self.place.partition(":")
        return getattr(import_module(module), name)
