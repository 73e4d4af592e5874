"""The values that the schema allows at a place, read from pydantic's declarations.

pydantic decides whether a recipe is valid, but its errors name union branches instead of keys. With the shapes defined
here, ``inspect`` walks a rejected recipe along the same declarations and reports where and why it is wrong.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.fields import FieldInfo

from runner.source.yaml.nodes import DISCRIMINATORS
from schemas.deferred import Deferred
from schemas.quantities import parse_ratio
from schemas.recipe import Recipe
from schemas.tagged import ByTag, ByTagLater, Variants

# Leaves are validated one by one, as the models would validate them.
_STRICT = ConfigDict(strict=True, allow_inf_nan=False)


@dataclass(frozen=True)
class Leaf:
    """A scalar: text, a number, a boolean, one of a few words, a duration or an expectation."""

    annotation: Any

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """The adapter that validates a value as the models do."""
        return TypeAdapter(self.annotation, config=_STRICT)

    @cached_property
    def base(self) -> Any:
        """The type without its constraints."""
        return get_args(self.annotation)[0] if get_origin(self.annotation) is Annotated else self.annotation

    @cached_property
    def choices(self) -> tuple[Any, ...]:
        """The words of a ``Literal``; empty for any other type."""
        return get_args(self.base) if get_origin(self.base) is Literal else ()

    @cached_property
    def numeric(self) -> bool:
        """Whether numbers are allowed, any or only some."""
        return self.base in (int, float) or any(isinstance(choice, int) for choice in self.choices)

    @cached_property
    def takes_ratio(self) -> bool:
        """Whether a ratio such as ``1/255`` is allowed."""
        metadata = getattr(self.annotation, "__metadata__", ())
        return any(getattr(item, "func", None) is parse_ratio for item in metadata)


@dataclass(frozen=True)
class Many:
    """A list with between ``least`` and ``most`` items."""

    item: "Shape"
    least: int = 0
    most: int | None = None

    @property
    def lengths(self) -> str:
        """The allowed number of items, such as ``2``, ``1 to 1,000`` or ``at most 10``."""
        if self.most is None:
            return f"at least {self.least:,}"
        if self.least == 0:
            return f"at most {self.most:,}"
        return f"{self.least:,}" if self.least == self.most else f"{self.least:,} to {self.most:,}"

    def fits(self, length: int) -> bool:
        """Whether a list may have ``length`` items."""
        return self.least <= length and (self.most is None or length <= self.most)


@dataclass(frozen=True)
class Table:
    """A mapping with arbitrary keys."""

    key: Leaf
    value: "Shape"


@dataclass(frozen=True)
class Model:
    """A mapping with the fields of a class."""

    cls: type[BaseModel]

    @cached_property
    def fields(self) -> dict[str, FieldInfo]:
        """Fields by their names in a recipe."""
        return {field.alias or name: field for name, field in self.cls.model_fields.items()}

    @cached_property
    def required(self) -> list[str]:
        """Keys without a default."""
        return [name for name, field in self.fields.items() if field.is_required()]

    def field(self, name: str) -> "Shape":
        """The shape that the schema allows for a key."""
        return _field_shape(self.cls, name, self.fields[name])


@dataclass(frozen=True)
class Tagged:
    """A mapping whose ``key`` selects one of several variants."""

    key: str
    variants: tuple[tuple[str, Model], ...]
    more: Variants | None = None
    """Further variants, which are made when they are asked for."""

    @cached_property
    def by_tag(self) -> Mapping[str, Model]:
        """All variants by the value of ``key``."""
        return _ByTag(dict(self.variants), self.more) if self.more is not None else dict(self.variants)


class _ByTag(Mapping[str, Model]):
    """Variants of which some are only looked up when they are asked for by name."""

    def __init__(self, own: dict[str, Model], more: Variants) -> None:
        self._own = own
        self._more = more

    def __getitem__(self, tag: str) -> Model:
        if tag in self._own:
            return self._own[tag]
        cls = self._more.variant(tag)
        if cls is None:
            raise KeyError(tag)
        return Model(cls)

    def __contains__(self, tag: object) -> bool:
        return tag in self._own or tag in self._more.names()

    def __iter__(self) -> Iterator[str]:
        yield from self._own
        yield from self._more.names()

    def __len__(self) -> int:
        return len(self._own) + len(self._more.names())


@dataclass(frozen=True)
class Either:
    """One of several shapes; ``nullable`` if null is one of them."""

    options: tuple["Shape", ...]
    nullable: bool


Shape = Leaf | Many | Table | Model | Tagged | Either


@cache
def recipe_shape() -> Model:
    """The shape of a whole recipe."""
    return Model(Recipe)


@cache
def shape_of(cls: type[BaseModel]) -> Shape:
    """The shape of a part of a recipe that a class describes."""
    return _model(cls)


@cache
def _field_shape(cls: type[BaseModel], name: str, field: FieldInfo) -> Shape:
    metadata = list(field.metadata)
    annotation: Any = field.annotation
    if field.discriminator is not None:
        metadata.append(field)
    return _shape(Annotated[annotation, *metadata] if metadata else annotation)


def _shape(annotation: Any) -> Shape:
    bare: Any = annotation
    metadata: tuple[Any, ...] = ()
    if get_origin(annotation) is Annotated:
        bare, *rest = get_args(annotation)
        metadata = tuple(rest)
    by_tag = next((item for item in metadata if isinstance(item, ByTag)), None)
    if by_tag is not None:
        classes = by_tag.classes(by_tag.union() if isinstance(by_tag, ByTagLater) else bare)
        return replace(_tagged(by_tag.key, classes), more=by_tag.more)
    elsewhere = next((item for item in metadata if isinstance(item, Deferred)), None)
    if elsewhere is not None:
        return _shape(elsewhere.type)
    origin = get_origin(bare)
    if origin in (Union, UnionType):
        return _union(bare, metadata)
    if origin is tuple:
        return Many(_shape(get_args(bare)[0]), bound(annotation, "min_length") or 0, bound(annotation, "max_length"))
    if origin is dict:
        key, value = get_args(bare)
        return Table(Leaf(key), _shape(value))
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return _model(bare)
    return Leaf(annotation)


def _model(cls: type[BaseModel]) -> Shape:
    """The shape of a class; one with a discriminator is a union of one, so that its errors read like any union's."""
    for key in DISCRIMINATORS:
        if key in cls.model_fields and get_origin(cls.model_fields[key].annotation) is Literal:
            return _tagged(key, (cls,))
    return Model(cls)


def _union(union: Any, metadata: tuple[Any, ...]) -> Shape:
    for item in metadata:
        if isinstance(item, FieldInfo) and isinstance(item.discriminator, str):
            return _tagged(item.discriminator, get_args(union))
    options = get_args(union)
    return Either(tuple(_shape(option) for option in options if option is not NoneType), NoneType in options)


def _tagged(key: str, classes: tuple[type[BaseModel], ...]) -> Tagged:
    tags = [(tag, Model(cls)) for cls in classes for tag in get_args(cls.model_fields[key].annotation)]
    return Tagged(key, tuple(tags))


def bound(annotation: Any, name: str) -> Any:
    """A constraint of an annotation, such as ``gt`` or ``max_length``; None if there is none."""
    for item in getattr(annotation, "__metadata__", ()):
        for constraint in item.metadata if isinstance(item, FieldInfo) else (item,):
            if (found := getattr(constraint, name, None)) is not None:
                return found
    return None


def flatten(shape: Shape) -> Iterator[Shape]:
    """Yield the alternatives of a shape, without nesting."""
    if isinstance(shape, Either):
        for option in shape.options:
            yield from flatten(option)
    else:
        yield shape


def nullable(shape: Shape) -> bool:
    """Whether null is allowed."""
    return isinstance(shape, Either) and (shape.nullable or any(nullable(option) for option in shape.options))
