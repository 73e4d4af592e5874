"""The fields in which two recipes differ, each as a change that can be made by itself."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from runner.record.difference import ABSENT
from runner.source.loaded import Loaded
from runner.source.lookup import dotted
from runner.source.yaml.nodes import DISCRIMINATORS, Path

NO_CAUSE = ("recipe", "name", "description", "expect", "after", "tracking", "repeat", "sweep")
"""Fields that change nothing in what is trained."""
DATA: Path = ("data",)


class Change(NamedTuple):
    """A field that differs: a value, or a mapping or list that is exchanged as a whole."""

    path: Path
    good: Any
    """Its value in the good recipe; :data:`ABSENT` where that has no such field."""
    bad: Any

    @property
    def field(self) -> str:
        """The dotted path."""
        return dotted(self.path)

    @property
    def set(self) -> str:
        """What ``--set`` makes of the good recipe, so that it has the bad one's value."""
        return f"{self.field}={json.dumps(None if self.bad is ABSENT else self.bad)}"


def tree_of(loaded: Loaded, *, compact: bool) -> dict[str, Any]:
    """The values of a valid recipe that may be a cause, defaults in place.

    Args:
        loaded: the recipe.
        compact: whether its model is as written, with its blocks in place of their layers.
    """
    assert loaded.recipe is not None
    values: dict[str, Any] = _written(loaded.recipe.model_dump(mode="json", by_alias=True))
    if compact:
        resolved: Any = loaded.resolved()
        values["model"] = resolved["model"]
    values["data"].get("fallback", {}).pop("expect", None)
    return {key: value for key, value in values.items() if key not in NO_CAUSE}


def changes(good: Mapping[str, Any], bad: Mapping[str, Any], *, seeds: bool, whole_data: bool) -> list[Change]:
    """What makes the bad recipe of the good one, field by field.

    A mapping of another kind is one change, because its fields are those of its kind; so is a list of another length.

    Args:
        good: the values of the good recipe.
        bad: those of the bad one.
        seeds: whether each recipe is trained with several seeds, so that its own is no field.
        whole_data: whether the data is one change: it lies in another folder.
    """
    found = [each for key in _keys(good, bad) for each in _between((key,), good.get(key, ABSENT), bad.get(key, ABSENT))]
    if seeds:
        found = [each for each in found if each.path != ("seed",)]
    if whole_data:
        found = [each for each in found if each.path[:1] != DATA]
        found.insert(0, Change(DATA, good["data"], bad["data"]))
    return found


def _keys(good: Mapping[str, Any], bad: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys([*good, *bad]))


def _between(path: Path, good: Any, bad: Any) -> Iterator[Change]:
    if good == bad and type(good) is type(bad):
        return
    if isinstance(good, Mapping) and isinstance(bad, Mapping) and _same_kind(good, bad):
        for key in _keys(good, bad):
            yield from _between((*path, key), good.get(key, ABSENT), bad.get(key, ABSENT))
    elif _alike(good, bad):
        for index, (one, other) in enumerate(zip(good, bad, strict=True)):
            yield from _between((*path, index), one, other)
    else:
        yield Change(path, good, bad)


def _same_kind(good: Mapping[str, Any], bad: Mapping[str, Any]) -> bool:
    return all(good.get(key) == bad.get(key) for key in DISCRIMINATORS)


def _alike(good: Any, bad: Any) -> bool:
    """Whether both are lists of as many mappings."""
    if not (isinstance(good, list) and isinstance(bad, list) and len(good) == len(bad)):
        return False
    return all(isinstance(each, Mapping) for each in (*good, *bad))


def _written(value: Any) -> Any:
    """The value without the keys that are null: a recipe leaves them out."""
    match value:
        case Mapping():
            return {key: _written(item) for key, item in value.items() if item is not None}
        case list():
            return [_written(item) for item in value]
        case _:
            return value
