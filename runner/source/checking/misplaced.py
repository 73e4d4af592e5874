"""Finds what is meant by a value of the wrong kind: a list for a number, a word for a mapping, a mapping for a list."""

import re
from collections.abc import Callable
from typing import NamedTuple

from runner.diagnostics import suggest, sure
from runner.source.checking.allowed import Leaf, Many, Model, Shape, Tagged, flatten
from runner.source.checking.complaints import Remarks, known_elsewhere
from runner.source.checking.expected import listing
from runner.source.checking.forms import forms_of, forms_of_list
from runner.source.checking.leaves import judge
from runner.source.yaml.nodes import MappingNode, Node, Scalar, Sequence

_PAIR = re.compile(r"(\w+)\s*(?:[:=：][\s\u00a0]*)(\S.*)")
_CALL = re.compile(r"(?:\w+\.)*(\w+)\(.*\)")

Fits = Callable[[Node, Shape], bool]
"""Whether a value is of a shape."""


def wrapped(node: Node, options: list[Shape], fits: Fits) -> Remarks | None:
    """A valid form for a value where a mapping, a list or a single value was expected.

    Args:
        node: What the recipe has.
        options: The shapes that the key accepts; the value is of none of them.
        fits: Whether a value is of a shape.
    """
    if isinstance(node, Sequence):
        return _list_in_its_place(node, options, fits) or _listed_words(options)
    if not isinstance(node, Scalar) or node.value is None:
        return _listed_words(options) or _mapping_in_its_place(node, options)
    forms = [form for option in options if isinstance(option, Model) for form in forms_of(node, option)]
    if forms:
        return Remarks(help=f"write {listing(forms, 'or')}")
    if not isinstance(node.value, str):
        return None
    fix = next(filter(None, (_around(node.value, option) for option in options)), None)
    if fix:
        return Remarks(f"did you mean {fix}?", fix=fix)
    if any(isinstance(option, Model) and node.value in option.fields for option in options):
        return Remarks(help=f"'{node.value}' is a key, which needs a value: write {{{node.value}: …}}")
    tags = [tag for option in options if isinstance(option, Tagged) for tag in option.by_tag]
    return _line(node.value, options) or _call(node.value, tags) or known_elsewhere(node.value, tags)


class WordAsKey(NamedTuple):
    """A word written as the key of a mapping."""

    message: str
    key: Scalar
    remarks: Remarks


def word_as_key(node: MappingNode, options: list[Shape]) -> WordAsKey | None:
    """What a mapping means whose only key is a word that takes no keys: ``{tensorboard: {every: 10 steps}}``."""
    words = {str(word) for option in options if isinstance(option, Leaf) for word in option.choices}
    keys = [key for option in options if isinstance(option, Model) for key in option.fields]
    if len(node.entries) != 1 or not keys or (name := next(iter(node.entries))) not in words:
        return None
    only = f"a mapping here has the key {listing(keys, 'or')}"
    return WordAsKey(f"'{name}' has no keys", node.entries[name].key, Remarks(f"write {name} alone", only))


def _line(text: str, options: list[Shape]) -> Remarks | None:
    """What a key and its value mean that are not divided by a colon and a space: ``epochs:3``, ``epochs = 3``."""
    match = _PAIR.match(text)
    if match is None or not any(isinstance(option, Model) and match[1] in option.fields for option in options):
        return None
    return Remarks(f"write '{match[1]}: {match[2].strip()}', with a space after the colon")


def _call(text: str, tags: list[str]) -> Remarks | None:
    """What Python code means that makes an object: ``Adam(lr=0.001)``."""
    match = _CALL.fullmatch(text)
    if match is None:
        return None
    tag = suggest(match[1], tags) if match[1] not in tags else match[1]
    form = f"{{kind: {tag}, …}}" if tag else "{key: value}"
    return Remarks("a recipe holds no Python", f"write a mapping: {form}")


def _list_in_its_place(node: Sequence, options: list[Shape], fits: Fits) -> Remarks | None:
    """What a list means where one value, or a mapping that holds it, is wanted."""
    one = node.items[0] if len(node.items) == 1 else None
    leaves = [option for option in options if isinstance(option, Leaf)]
    if isinstance(one, Scalar) and leaves and judge(one.value, leaves) is None:
        written = one.source.text[one.start : one.end]
        return Remarks(help=f"write {written}, without brackets")
    forms = [form for option in options if isinstance(option, Model) for form in forms_of_list(node, option, fits)]
    return Remarks(help=f"write {listing(forms, 'or')}") if forms else None


def _mapping_in_its_place(node: Node, options: list[Shape]) -> Remarks | None:
    """That a list is wanted, where its items are written as keys."""
    if not isinstance(node, MappingNode) or not any(isinstance(option, Many) for option in options):
        return None
    return Remarks(help="write a list: each item is a line that begins with '- '")


def _listed_words(options: list[Shape]) -> Remarks | None:
    """What a list takes, where something else than a list or a value stands in its place."""
    items = [one for option in options if isinstance(option, Many) for one in flatten(option.item)]
    words = [str(word) for one in items if isinstance(one, Leaf) for word in one.choices]
    return Remarks(help=f"write a list such as [{words[0]}]; choices: {', '.join(words)}") if words else None


def _around(word: str, option: Shape) -> str | None:
    match option:
        case Tagged():
            tag = word if word in option.by_tag else sure(word, option.by_tag)
            return f"{{{option.key}: {tag}}}" if tag else None
        case Many(item=of_items) if leaf := next((one for one in flatten(of_items) if isinstance(one, Leaf)), None):
            meant = word if judge(word, [leaf]) is None else sure(word, leaf.choices)
            return f"[{meant}]" if meant and meant.isidentifier() else None
        case _:
            return None
