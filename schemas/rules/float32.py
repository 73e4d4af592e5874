"""Numbers as float32 has them, in which a run computes."""

import struct
from collections.abc import Iterator
from functools import cache
from types import NoneType
from typing import Any, get_args

from annotated_types import Lt
from pydantic.fields import FieldInfo

from schemas.base import Node
from schemas.deferred import Deferred
from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error

_WITHOUT = (str, int, NoneType)
"""Types of values in which there is no such number: most of them, so that nothing more is asked about these."""
_LEAST = 2.0**-126
"""The least normal number; devices take what is smaller for 0."""


def numbers_survive_float32(recipe: Recipe) -> Iterator[Finding]:
    """R242: a number that float32 rounds is fine; one that it makes infinite, 0, or the 1 it must stay below is not."""
    for path, value, below_one in _numbers(recipe, ()):
        told = _change(value, below_one=below_one)
        if told is not None:
            what, help = told
            key = next(key for key in reversed(path) if isinstance(key, str))
            yield error("R242", path, f"{key} {value:.15g} {what}", help)


def _change(value: float, *, below_one: bool) -> tuple[str, str] | None:
    """What float32 makes of a number, beyond rounding, and the way out."""
    try:
        rounded = struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return "is infinite in float32, in which a run computes", "write 3.4e38 at most"
    if value != 0 and abs(rounded) < _LEAST:
        return "is 0 in float32, in which a run computes", "write 1.2e-38 or more, or 0 where it is allowed"
    if below_one and rounded == 1:
        return "is 1 in float32, in which a run computes, and must be below 1", "write 0.9999999 at most"
    return None


def _numbers(node: Node, path: Path) -> Iterator[tuple[Path, float, bool]]:
    """Every number that a recipe writes and a device computes with, its place, and whether it must be below 1."""
    for name in sorted(node.model_fields_set - node.host_keys):
        value = getattr(node, name)
        if not isinstance(value, _WITHOUT):
            key = type(node).model_fields[name].alias or name
            yield from _within(value, (*path, key), (type(node), name))


def _within(value: Any, path: Path, field: tuple[type[Node], str]) -> Iterator[tuple[Path, float, bool]]:
    match value:
        case float():
            yield path, value, _is_below_one(*field)
        case Node():
            yield from _numbers(value, path)
        case dict():
            for key, item in value.items():
                yield from _within(item, (*path, key), field)
        case tuple() | list():
            for k, item in enumerate(value):
                yield from _within(item, (*path, k), field)


@cache
def _is_below_one(kind: type[Node], name: str) -> bool:
    field = kind.model_fields[name]
    return any(bound.lt == 1 for bound in _bounds((field, field.annotation)))


def _bounds(parts: tuple[Any, ...]) -> Iterator[Lt]:
    """Upper bounds in an annotation, however deep in a union."""
    for part in parts:
        if isinstance(part, Lt):
            yield part
        elif isinstance(part, FieldInfo):
            yield from _bounds(tuple(part.metadata))
        elif isinstance(part, Deferred):
            yield from _bounds((part.type,))
        else:
            yield from _bounds((*getattr(part, "__metadata__", ()), *get_args(part)))


RULES: tuple[Rule, ...] = (numbers_survive_float32,)
