"""Walks a recipe that pydantic rejected along the schema, and reports where and why it is wrong.

Messages use the terms of the recipe language; unions, branches and classes do not appear.
"""

from typing import Any

from runner.diagnostics import Diagnostic, suggest
from runner.diagnostics.visible import quoted
from runner.source.checking.allowed import Leaf, Many, Model, Shape, Table, Tagged, flatten, nullable
from runner.source.checking.by_task import of_task, task_of
from runner.source.checking.complaints import (
    Keys,
    Place,
    Remarks,
    advised,
    complain,
    did_you_mean,
    got,
    missing_key,
    unknown_key,
    written_number,
)
from runner.source.checking.expected import describe, listing
from runner.source.checking.forms import key_as_kind, kind_as_key, kind_by_another_key
from runner.source.checking.indentation import beside_their_mapping, unindented, without_indentation
from runner.source.checking.leaves import judge
from runner.source.checking.misplaced import word_as_key, wrapped
from runner.source.yaml.nodes import EXTENDS, MappingNode, Node, Scalar, Sequence, text_of
from runner.source.yaml.read import MAX_FAULTS
from schemas.docs import field_docs

ROOT = Place("the recipe")
_MOST_CHOICES = 24
"""Kinds that a message lists."""


def inspect(root: Node, shape: Shape, *, complete: bool = True, place: Place = ROOT) -> list[Diagnostic]:
    """Find everything that is wrong with the shape of a recipe, or of a part of one.

    Args:
        root: The recipe, without ``extends``, or the part.
        shape: The shape that the schema allows.
        complete: False if a part could not be read, so that missing keys must not be reported.
        place: The part's name in sentences.
    """
    inspector = _Inspector(complete, task_of(root))
    inspector.check(root, shape, place)
    return inspector.found


class _Inspector:
    """Collects diagnostics during one walk."""

    def __init__(self, complete: bool, task: str) -> None:
        self.found: list[Diagnostic] = []
        self._complete = complete
        self._task = task
        self._outside: set[tuple[tuple[str, int], str]] = set()  # mappings by their place, and keys beside them

    def check(self, node: Node, shape: Shape, place: Place) -> None:
        if len(self.found) > MAX_FAULTS:
            return
        options = list(flatten(shape))
        match node:
            case Scalar(broken=True):
                return
            case _ if any(isinstance(option, Leaf) and option.annotation is Any for option in options):
                return
            case Scalar(value=None) if nullable(shape):
                return
            case Scalar() if any(isinstance(option, Leaf) for option in options):
                self._scalar(node, options, place)
            case Sequence() if lists := [option for option in options if isinstance(option, Many)]:
                self._sequence(node, lists[0], place)
            case MappingNode() if word := word_as_key(node, options):
                self.found.append(complain("R013", f"{place.name}: {word.message}", word.key, word.remarks))
            case MappingNode() if mappings := [o for o in options if isinstance(o, Model | Tagged | Table)]:
                self._mapping(node, mappings[0], place)
            case _:
                message = f"{place.name} must be {describe(shape)}, got {got(node)}"
                meant = wrapped(node, options, lambda one, wanted: not inspect(one, wanted))
                remarks = advised(place, node, meant)
                self.found.append(complain("R013", message, text_of(place.key, node), remarks))

    def _scalar(self, node: Scalar, options: list[Shape], place: Place) -> None:
        verdict = judge(node.value, options, written_number(node))
        if verdict is None:
            return
        if verdict.unknown:
            message = f"unknown {place.of_word} {quoted(node.value)}"
        else:
            message = f"{place.name} {verdict.rule}, got {got(node)}"
        remarks = of_task(place.field, str(node.value), self._task) if verdict.code == "R011" else None
        remarks = remarks or advised(place, node, verdict.remarks)
        self.found.append(complain(verdict.code, message, text_of(place.key, node), remarks))

    def _sequence(self, node: Sequence, shape: Many, place: Place) -> None:
        before = len(self.found)
        for number, item in enumerate(node.items, start=1):
            self.check(item, shape.item, Place(f"item {number} of {place.name}", owner=place.field))
        if len(self.found) == before and not shape.fits(len(node.items)):
            message = f"{place.name} has {shape.lengths} items, got {len(node.items):,}"
            self.found.append(complain("R014", message, text_of(place.key, node)))

    def _mapping(self, node: MappingNode, shape: Model | Tagged | Table, place: Place) -> None:
        match shape:
            case Model():
                self._model(node, shape, place)
            case Tagged():
                self._tagged(node, shape, place)
            case Table():
                for name, entry in node.entries.items():
                    self._scalar(entry.key, [shape.key], Place(f"a key of {place.name}"))
                    self.check(entry.value, shape.value, Place(quoted(name), entry.key))

    def _tagged(self, node: MappingNode, shape: Tagged, place: Place) -> None:
        choices = _choices(shape)
        entry = node.entries.get(shape.key)
        if entry is None:
            meant = kind_as_key(node, shape)
            elsewhere = None if meant else kind_by_another_key(node, shape)
            if elsewhere and self._complete:
                remarks = Remarks(f"did you mean '{shape.key}'?", choices)
                self.found.append(complain("R010", f"missing key '{shape.key}'", elsewhere, remarks))
            elif meant and self._complete:
                message = f"missing key '{shape.key}'"
                self.found.append(complain("R010", message, meant[0], Remarks(f"write {meant[1]}")))
            else:
                self._missing(node, shape.key, place, "", choices)
            return
        match entry.value:
            case Scalar(broken=True):
                return
            case Scalar(value=str(tag)) if tag in shape.by_tag:
                self._model(node, shape.by_tag[tag], place, f" for {shape.key} '{tag}'", shape)
            case Scalar(value=str(tag)) if shape.more and (why := shape.more.refusal(tag)):
                message = f"{quoted(tag)} is a layer of Keras that no recipe can have"
                self.found.append(complain("R320", message, entry.value, Remarks(help=why)))
            case Scalar(value=str(tag)):
                message = f"unknown {shape.key} {quoted(tag)} for {place.name}"
                remarks = _file_as_source(shape, tag) or did_you_mean(tag, shape.by_tag, choices)
                self.found.append(complain("R011", message, entry.value, remarks))
            case other:
                message = f"'{shape.key}' must be text, got {got(other)}"
                self.found.append(complain("R013", message, text_of(entry.key, other), Remarks(help=choices)))

    def _model(self, node: MappingNode, shape: Model, place: Place, tag: str = "", kinds: Tagged | None = None) -> None:
        others = [name for name in shape.fields if name not in shape.required]
        keys = Keys([*shape.required, *others, *(EXTENDS,) * (place is ROOT)], place.name + tag, kinds)
        if place is ROOT and self._complete and self._is_no_recipe(node, shape):
            return
        moved = unindented(node, shape)
        self.found.extend(without_indentation(node, owner, names) for owner, names in moved.items())
        known = {name for names in moved.values() for name in names} | set(shape.fields)
        strangers = [name for name in node.entries if name not in known]
        beside = beside_their_mapping(node, shape)
        self._outside |= {(node.entries[owner].value.place, name) for name, owner in beside.items()}
        if form := key_as_kind(node, shape):
            remarks = Remarks(f"write {form}", f"keys of {keys.where}: {', '.join(keys.names)}")
            self.found.append(complain("R012", "unknown key 'kind'", node.entries["kind"].key, remarks))
            return
        self.found.extend(unknown_key(node, name, keys, beside.get(name)) for name in strangers[: MAX_FAULTS + 1])
        absent = [name for name in shape.required if name not in node.entries]
        # A misspelt key is one mistake, not an unknown and a missing key.
        meant = {suggest(name, absent) for name in strangers[: MAX_FAULTS + 1]}
        for name in absent:
            if name not in meant:
                words = _words(shape.field(name))
                docs = field_docs(shape.cls).get(name, "")
                self._missing(node, name, place, tag, f"{listing(words, 'or')}. {docs}" if words else docs)
        for name, entry in node.entries.items():
            if name in shape.fields and name not in moved:
                self.check(entry.value, shape.field(name), Place(quoted(name), entry.key))

    def _is_no_recipe(self, node: MappingNode, shape: Model) -> bool:
        """Whether none of the keys that every recipe has is there, which is one error."""
        if not node.entries or any(name in node.entries for name in shape.required):
            return False
        message = f"this is not a recipe: it has none of the keys {listing(list(map(quoted, shape.required)), 'and')}"
        help = "`recipe init DATA --target COLUMN` writes a recipe, and `recipe cp NAME` copies one of `recipe ls`"
        self.found.append(complain("R010", message, next(iter(node.entries.values())).key, Remarks(help=help)))
        return True

    def _missing(self, node: MappingNode, name: str, place: Place, tag: str, help: str) -> None:
        if self._complete and not node.partial and (node.place, name) not in self._outside:
            self.found.append(missing_key(node, name, place, tag, help))


def _file_as_source(shape: Tagged, tag: str) -> Remarks | None:
    """Remarks on the name of a file where the kind of its source is wanted: ``source: cars.csv``."""
    ending = tag.rpartition(".")[2].lower()
    if shape.key != "source" or ending == tag.lower() or ending not in shape.by_tag:
        return None
    key = next(key for key in ("files", "path") if key in shape.by_tag[ending].fields)
    return Remarks(help=f"write {{source: {ending}, {key}: {tag}, …}}")


def _choices(shape: Tagged) -> str:
    """The kinds that there are; the first ones, if there are many."""
    tags = list(shape.by_tag)
    if len(tags) <= _MOST_CHOICES:
        return f"choices: {', '.join(tags)}"
    return (
        f"choices: {', '.join(tags[:_MOST_CHOICES])} and {len(tags) - _MOST_CHOICES} more; `recipe explain` lists them"
    )


def _words(shape: Shape) -> list[str]:
    """The words of a key that takes nothing else; empty for any other key."""
    leaves = list(flatten(shape))
    words = [str(word) for leaf in leaves if isinstance(leaf, Leaf) for word in leaf.choices]
    return words if all(isinstance(leaf, Leaf) and leaf.choices for leaf in leaves) else []
