"""Looks up a field of a recipe by its dotted path: value, default and description."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel

from runner.diagnostics import suggest
from runner.diagnostics.visible import quoted
from runner.errors import UnknownField
from runner.source.checking.allowed import Many, Model, Shape, Table, Tagged, flatten, recipe_shape
from runner.source.yaml.nodes import DISCRIMINATORS, Path
from schemas.docs import field_docs
from schemas.recipe import Recipe
from schemas.written import Quantity

_INDEX = re.compile(r"\[([0-9]+)\]")


@dataclass(frozen=True)
class Field:
    """A field of a valid recipe."""

    path: Path
    value: Any
    """The value as plain data, with all defaults filled in; None if a part of the path is null."""
    default: Any = None
    """The default."""
    required: bool = True
    """Whether the field has no default."""
    text: str = ""
    """The description of the field."""
    owner: str = ""
    """The kind that has the field, such as ``dense``, if there are several."""

    @property
    def name(self) -> str:
        """The dotted path."""
        return dotted(self.path)


def dotted(path: Path) -> str:
    """The path in dotted form: ``model.layers.1.units``."""
    return ".".join(map(str, path))


def look_up(recipe: Recipe, name: str) -> Field:
    """Find a field; ``model.layers[1].units`` is the same as ``model.layers.1.units``.

    Raises:
        UnknownField: there is no such field.
    """
    field = Field((), recipe.model_dump(mode="json"), text=Recipe.__doc__ or "")
    shapes: list[Shape] = [recipe_shape()]
    for part in filter(None, _INDEX.sub(r".\1", name).split(".")):
        field, shapes = _step(field, shapes, part)
    return field


def _step(field: Field, shapes: list[Shape], part: str) -> tuple[Field, list[Shape]]:
    options = [option for shape in shapes for option in flatten(shape)]
    if isinstance(field.value, list):
        return _item(field, [option.item for option in options if isinstance(option, Many)], part)
    models = [model for option in options for model in _models(option, field.value)]
    known = [model for model in models if part in model.fields]
    value = field.value.get(part) if isinstance(field.value, dict) else None
    path = (*field.path, part)
    if known:
        return _of_model(known[0], path, value), [model.field(part) for model in known]
    tables = [option.value for option in options if isinstance(option, Table)]
    if tables and value is not None:
        return Field(path, value), tables
    keys = dict.fromkeys(key for model in models for key in model.fields) or field.value
    raise _unknown(field, part, list(keys) if isinstance(keys, dict) else [])


def _item(field: Field, items: list[Shape], part: str) -> tuple[Field, list[Shape]]:
    if part.isascii() and part.isdigit() and len(part) < 10 and int(part) < len(field.value):
        return Field((*field.path, int(part)), field.value[int(part)], text=field.text), items
    count = len(field.value)
    raise UnknownField(
        f"'{field.name}' has {count} item{'' if count == 1 else 's'}, got {quoted(part)}",
        f"write a number from 0 to {count - 1}" if count else "it is an empty list",
    )


def _of_model(model: Model, path: Path, value: Any) -> Field:
    key = str(path[-1])
    info, text = model.fields[key], field_docs(model.cls).get(key, "")
    owner = next((str(get_args(model.fields[tag].annotation)[0]) for tag in DISCRIMINATORS if tag in model.fields), "")
    if info.is_required():
        return Field(path, value, text=text, owner=owner)
    default = info.get_default(call_default_factory=True, validated_data={})
    return Field(path, value, _plain(default), False, text, owner)


def _plain(default: Any) -> Any:
    match default:
        case BaseModel():
            return default.model_dump(mode="json")
        case Quantity():
            return str(default)
        case _:
            return default


def _models(shape: Shape, value: Any) -> list[Model]:
    match shape:
        case Model():
            return [shape]
        case Tagged():
            tag = value.get(shape.key) if isinstance(value, dict) else None
            found = isinstance(tag, str) and tag in shape.by_tag
            return [shape.by_tag[str(tag)]] if found else list(shape.by_tag.values())
        case _:
            return []


def _unknown(field: Field, part: str, keys: list[str]) -> UnknownField:
    where = f" of '{field.name}'" if field.path else ""
    if not keys:
        return UnknownField(f"no field {quoted(part)}{where}, which is {quoted(field.value)}", "give the path up to it")
    found = suggest(part, keys)
    nearest = dotted((*field.path, found)) if found else ""
    help = f"did you mean '{nearest}'?" if found else f"fields{where}: {', '.join(keys)}"
    return UnknownField(f"no field {quoted(part)}{where}", help)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every scalar, list of scalars and empty mapping under a value, with its path."""
    items: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        items = list(enumerate(value))
    if not items:
        yield path, value
    for key, item in items:
        yield from leaves(item, (*path, key))
