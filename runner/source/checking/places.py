"""Finds where a key belongs in the language, to help with keys in the wrong place."""

from collections.abc import Iterator
from functools import cache

from runner.diagnostics.names import aliased, plain
from runner.source.checking.allowed import Many, Model, Shape, Table, Tagged, flatten, recipe_shape
from runner.source.yaml.nodes import DISCRIMINATORS

_EVERYWHERE = (*DISCRIMINATORS, "name", "recipe", "extends")
"""Keys that occur in many places and therefore indicate none."""
_MOST = 3
"""Maximum number of places named; a key with more places is not placed at all."""


def places_of(key: str) -> list[str]:
    """Dotted paths of a key, only those nearest to the root: ``training.epochs``.

    A key with another name in the language (``lr``) is looked up by that name.
    """
    for name in (key, *aliased(key)):
        paths = [] if name in _EVERYWHERE else list(_index().get(plain(name), ()))
        if paths:
            nearest = min(path.count(".") for path in paths)
            return [path for path in paths if path.count(".") == nearest]
    return []


def elsewhere(key: str) -> str:
    """A sentence that says where a key belongs; empty if there is no such place or there are too many."""
    paths = places_of(key)
    if not paths or len(paths) > _MOST:
        return ""
    if paths == [key]:
        return f"'{key}' is a top-level key: move it to the left margin"
    name = paths[0].rpartition(".")[2]
    if paths == [name]:
        return f"'{name}' is the top-level key for it"
    owners = " or ".join(f"'{path.rpartition('.')[0]}'" for path in paths)
    return f"'{name}' is a key of {owners}: {', '.join(paths)}"


def is_key(name: str) -> bool:
    """Whether the language has a key of exactly this name."""
    return any(path.rpartition(".")[2] == name for path in _index().get(plain(name), ()))


def of_kinds(key: str, kinds: Tagged) -> str:
    """A sentence that says which kinds of a mapping have a key; empty if none has."""
    found = [f"'{tag}'" for tag, model in kinds.by_tag.items() if key in model.fields]
    many = ", ".join(found[:_MOST]) + (" and others" if len(found) > _MOST else "")
    return f"'{key}' is a key of the {kinds.key}{'s' * (len(found) > 1)} {many}" if found else ""


@cache
def _index() -> dict[str, dict[str, None]]:
    """The paths of every key, in the order of the language."""
    found: dict[str, dict[str, None]] = {}
    for path in _paths(recipe_shape(), ""):
        found.setdefault(plain(path.rpartition(".")[2]), {})[path] = None
    return found


def _paths(shape: Shape, prefix: str) -> Iterator[str]:
    for option in flatten(shape):
        match option:
            case Model():
                for name in option.fields:
                    yield f"{prefix}{name}"
                    yield from _paths(option.field(name), f"{prefix}{name}.")
            case Tagged():
                for _, model in option.variants:  # the others' keys are Keras' own, and too many to go through
                    yield from _paths(model, prefix)
            case Many(item=item):
                yield from _paths(item, f"{prefix.removesuffix('.')}[].")
            case Table(value=value):
                yield from _paths(value, prefix)
            case _:
                pass
