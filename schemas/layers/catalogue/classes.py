"""The classes of the catalogue's layers, each made when it is first named."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import new_class
from typing import Any, Literal, cast

from pydantic import Field

from schemas.later import is_none
from schemas.layers.catalogue.admitted import ADMITTED, Entry
from schemas.layers.catalogue.arguments import OMITTED, argument, is_later
from schemas.layers.catalogue.base import CatalogueLayer
from schemas.layers.catalogue.table import KerasLayer, layers

_OTHER_WORDS = {"Zeros": "zeros", "uniform": "random_uniform"}
"""Initializers that Keras' signatures spell in another way than the language."""
_TAKEN = {"output_shape": "output_shape_"}
"""Keys whose name is a method's: the attribute has another one."""


@cache
def layer_class(kind: str) -> type[CatalogueLayer] | None:
    """The class of a kind; None for a word that names no layer of the catalogue."""
    entry = ADMITTED.get(kind)
    return None if entry is None else _made(kind, entry, layers()[entry.keras])


def keys_of(facts: KerasLayer) -> list[str]:
    """Arguments that are keys, those without a default first."""
    names = [*facts["required"], *facts["optional"]]
    return [name for name in names if name not in OMITTED]


def _made(kind: str, entry: Entry, facts: KerasLayer) -> type[CatalogueLayer]:
    module, _, family = entry.family.partition(".")
    base: type[CatalogueLayer] = getattr(import_module(f"{__package__}.{module}"), family)
    fields: dict[str, tuple[Any, Any]] = {"kind": (Literal[kind], ...)}
    for name in keys_of(facts):
        if name in base.model_fields:
            continue  # the family has it
        fields[_TAKEN.get(name, name)] = _field(name, entry, facts)
    namespace = {
        "__module__": __name__,
        "__qualname__": entry.keras,
        "__doc__": entry.says or facts["says"],
        "__annotations__": {name: type_ for name, (type_, _) in fields.items()},
        "keras_class": entry.keras,
        "rank": entry.rank,
        **{name: value for name, (_, value) in fields.items() if value is not ...},
    }
    return cast("type[CatalogueLayer]", new_class(entry.keras, (base,), exec_body=lambda body: body.update(namespace)))


def _field(name: str, entry: Entry, facts: KerasLayer) -> tuple[Any, Any]:
    """Type and default of a key."""
    found = entry.keys.get(name) or argument(name, entry.rank)
    alias = name if name in _TAKEN else None
    if name in facts["required"]:
        return found.type, Field(alias=alias, description=found.text)
    default = _default(name, facts["optional"])
    type_ = found.type if default is not None else found.type | None
    later = is_none if is_later(name) else None
    return type_, Field(default=default, alias=alias, description=found.text, exclude_if=later)


def _default(name: str, defaults: Mapping[str, Any]) -> Any:
    value = defaults[name]
    if name.endswith("activation") and value is None:
        return "linear"
    if isinstance(value, str):
        return _OTHER_WORDS.get(value, value)
    return _tuples(value)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value
