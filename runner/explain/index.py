"""Every word of the recipe language with its places, from the JSON Schema."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from runner.diagnostics.names import plain
from schemas.export import json_schema

Schema = Mapping[str, Any]

_TAGS = ("kind", "source")
_SHORT = {"model.layers": "layer"}
"""Kinds are called by the key that holds them; those of layers in short."""


class Level(NamedTuple):
    """A mapping on the way to a key."""

    key: str
    """The key that holds it."""
    schema: Schema
    in_list: bool
    """Whether it is an item of a list."""
    in_table: bool = False
    """Whether it stands under a name of the recipe's own choice."""


@dataclass
class Key:
    """A key, at one path."""

    path: str
    """Dotted, without the kinds on the way: ``model.layers.units``."""
    node: Schema
    """What it takes, where it stands first."""
    required: bool
    levels: tuple[Level, ...]
    """Mappings on the way to it."""
    kinds: list[str] = field(default_factory=list)
    """Kinds of the mapping that have it; empty where the mapping has no kinds."""


@dataclass(frozen=True)
class Kind:
    """A kind of a mapping."""

    name: str
    """Such as ``optimizer.adamw`` or ``layer.dense``."""
    path: str
    """Of the mapping."""
    tag: str
    """The key that says the kind, and the kind: ``kind``, ``source``."""
    schema: Schema


@dataclass
class Index:
    """What there is to explain."""

    keys: dict[str, Key] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    choices: dict[str, dict[str, None]] = field(default_factory=dict)
    """Paths of the keys that take a word, by the word."""

    def places(self, word: str) -> list[str]:
        """Names of all keys and kinds that a word may mean; a name of them all means itself."""
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
        """Mappings whose kind is said by this key, with their kinds."""
        found: dict[str, list[str]] = {}
        for kind in self.kinds.values():
            if kind.tag == word:
                found.setdefault(kind.path, []).append(kind.name.rpartition(".")[2])
        return found

    def words(self) -> list[str]:
        """Every word."""
        last = [name.rpartition(".")[2] for name in (*self.kinds, *self.keys)]
        return list(dict.fromkeys([*last, *self.kinds, *self.keys, *self.choices]))


@cache
def definitions() -> Mapping[str, Schema]:
    """The schema's mappings by name."""
    found: Mapping[str, Schema] = json_schema()["$defs"]
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
    """Enter a kind; False where the same is known by a shorter name: a schedule within a schedule."""
    if any(other.schema is kind.schema and other.path != kind.path for other in found.kinds.values()):
        return False
    found.kinds.setdefault(kind.name, kind)
    return True


def parts_of(node: Schema) -> Iterator[Schema]:
    """What a value may be made of: alternatives, items of a list, values of a table."""
    yield from node.get("anyOf", ())
    yield from node.get("oneOf", ())
    if isinstance(node.get("items"), Mapping):
        yield node["items"]
    for table in ("additionalProperties", "patternProperties"):
        values = node.get(table)
        if isinstance(values, Mapping) and "properties" not in node:
            yield from values.values() if table == "patternProperties" else [values]


def mappings_of(node: Schema) -> Iterator[Schema]:
    """The mapping that a node refers to itself."""
    if "$ref" in node:
        yield definitions()[node["$ref"].rpartition("/")[2]]


def tag_of(schema: Schema) -> str | None:
    """The key that says what kind a mapping is; None where it has no kinds."""
    return next((tag for tag in _TAGS if "const" in schema.get("properties", {}).get(tag, {})), None)
