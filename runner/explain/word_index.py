"""All words of the recipe language and their places, from the JSON Schema."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import schemas
from runner.diagnostics.names import plain

Schema = Mapping[str, Any]

_TAGS = ("kind", "source")
_SHORT = {"model.layers": "layer", "data.augment": "augment"}
"""Prefixes of kinds: the key that holds them, with a short form for those in lists."""


class Level(NamedTuple):
    """A mapping on the path to a key."""

    key: str
    """The key that holds the mapping."""
    schema: Schema
    in_list: bool
    """Whether the mapping is an item of a list."""
    in_table: bool = False
    """Whether the mapping is under a name that the recipe chooses."""


@dataclass
class Key:
    """A key at one path."""

    path: str
    """Dotted path, without the kinds on it: ``model.layers.units``."""
    node: Schema
    """Schema of its value at its first place."""
    required: bool
    levels: tuple[Level, ...]
    """Mappings on the path to it."""
    kinds: list[str] = field(default_factory=list)
    """Kinds of the mapping that have the key; empty if the mapping has no kinds."""


@dataclass(frozen=True)
class Kind:
    """A kind of a mapping."""

    name: str
    """For example ``optimizer.adamw`` or ``layer.dense``."""
    path: str
    """Path of the mapping."""
    tag: str
    """The key that selects the kind (``kind`` or ``source``), and the kind."""
    schema: Schema


@dataclass
class Index:
    """Everything that can be explained."""

    keys: dict[str, Key] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    choices: dict[str, dict[str, None]] = field(default_factory=dict)
    """For each word, the paths of the keys that accept it."""

    def places(self, word: str) -> list[str]:
        """Names of all keys and kinds that a word may mean; a full name means only itself."""
        spelt = plain(word)
        every = [*self.kinds, *self.keys]
        exact = [name for name in every if name == word] or [
            name for name in every if name.casefold() == word.casefold()
        ]
        if exact:
            return exact if "." in word or not self._kinds_called(spelt) else [*exact, *self._kinds_called(spelt)]
        forms = (spelt, f"{spelt}s", spelt.removesuffix("s"))
        for form in forms:
            if found := [name for name in every if form in (plain(name), plain(name.rpartition(".")[2]))]:
                return list(dict.fromkeys(found))
        return []

    def _kinds_called(self, spelt: str) -> list[str]:
        return [name for name in self.kinds if plain(name.rpartition(".")[2]) == spelt]

    def tags(self, word: str) -> dict[str, list[str]]:
        """Mappings whose kind is selected by this key, with their kinds."""
        found: dict[str, list[str]] = {}
        for kind in self.kinds.values():
            if kind.tag == word:
                found.setdefault(kind.path, []).append(kind.name.rpartition(".")[2])
        return found

    def words(self) -> list[str]:
        """All words."""
        last = [name.rpartition(".")[2] for name in (*self.kinds, *self.keys)]
        return list(dict.fromkeys([*last, *self.kinds, *self.keys, *self.choices]))


@cache
def definitions() -> Mapping[str, Schema]:
    """The schema's mappings by name, from the file that comes with the language: making it anew takes twice as long."""
    shipped = Path(schemas.__file__).with_name("recipe.schema.json")
    found: Mapping[str, Schema] = json.loads(shipped.read_text(encoding="utf-8"))["$defs"]
    return found


@cache
def index() -> Index:
    """The whole language."""
    found = Index()
    _mapping(found, definitions()["Recipe"], (), None)
    for name, node in definitions()["PartOfRecipe"]["properties"].items():
        found.keys.setdefault(name, Key(name, node, required=False, levels=()))
    return found


def _mapping(found: Index, schema: Schema, levels: tuple[Level, ...], kind: str | None) -> None:
    for name, node in schema.get("properties", {}).items():
        if name in _TAGS and "const" in node:
            continue
        path = ".".join([*(level.key for level in levels), name])
        key = found.keys.setdefault(path, Key(path, node, name in schema.get("required", ()), levels))
        if kind is not None and kind not in key.kinds:
            key.kinds.append(kind)
        _node(found, node, path, levels, in_list=False)


def _node(
    found: Index, node: Schema, path: str, levels: tuple[Level, ...], *, in_list: bool, in_table: bool = False
) -> None:
    for word in (*node.get("enum", ()), *([node["const"]] if isinstance(node.get("const"), str) else [])):
        found.choices.setdefault(str(word), {})[path] = None
    for part in parts_of(node):
        of_own = in_table or part in (node.get("patternProperties") or {}).values()
        _node(found, part, path, levels, in_list=in_list or node.get("type") == "array", in_table=of_own)
    for schema in mappings_of(node):
        tag = tag_of(schema)
        kind = schema["properties"][tag]["const"] if tag else None
        if tag and not _register(found, Kind(f"{_SHORT.get(path, path)}.{kind}", path, tag, schema)):
            continue
        _mapping(found, schema, (*levels, Level(path.rpartition(".")[2], schema, in_list, in_table)), kind)


def _register(found: Index, kind: Kind) -> bool:
    """Add a kind; False if it is already known by a shorter name, such as a schedule within a schedule."""
    if any(other.schema is kind.schema and other.path != kind.path for other in found.kinds.values()):
        return False
    found.kinds.setdefault(kind.name, kind)
    return True


def parts_of(node: Schema) -> Iterator[Schema]:
    """Yield the schemas in a value: alternatives, items of a list, values of a table."""
    yield from node.get("anyOf", ())
    yield from node.get("oneOf", ())
    if isinstance(node.get("items"), Mapping):
        yield node["items"]
    for table in ("additionalProperties", "patternProperties"):
        values = node.get(table)
        if isinstance(values, Mapping) and "properties" not in node:
            yield from values.values() if table == "patternProperties" else [values]


def mappings_of(node: Schema) -> Iterator[Schema]:
    """Yield the mapping that a node directly refers to."""
    if "$ref" in node:
        yield definitions()[node["$ref"].rpartition("/")[2]]


def tag_of(schema: Schema) -> str | None:
    """The key that selects the kind of a mapping; None if it has no kinds."""
    return next((tag for tag in _TAGS if "const" in schema.get("properties", {}).get(tag, {})), None)
