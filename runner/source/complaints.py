"""Diagnostics about a node, and the sentences that several checks share."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from runner.diagnostics import Diagnostic, suggest, sure
from runner.diagnostics.text import quoted
from runner.source.nodes import MappingNode, Node, Scalar
from runner.source.shapes import Model, Tagged, flatten

KEPT_QUOTES = ("R011", "R012")
"""Codes whose fix replaces a word by a word: what stood in quotes stays in quotes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: how sentences call it, and the key that it has."""

    name: str
    key: Scalar | None = None


@dataclass(frozen=True, slots=True)
class Remarks:
    """What a diagnostic says beside its message."""

    label: str = ""
    help: str = ""
    fix: str | None = None


def complain(code: str, message: str, node: Node, remarks: Remarks | None = None) -> Diagnostic:
    """An error about a node."""
    said = remarks or Remarks()
    fix, span = said.fix, node.span
    if fix is not None and code in KEPT_QUOTES and isinstance(node, Scalar) and node.style in ("'", '"'):
        fix = f"{node.style}{fix}{node.style}"
    return Diagnostic(
        code=code,
        message=message,
        span=span,
        excerpt=node.source.line(span.line),
        label=said.label,
        help=(said.help,) * bool(said.help),
        fix=fix,
    )


def did_you_mean(word: str, choices: Iterable[str], help: str = "") -> Remarks:
    """The nearest choice as label, and as fix where no other is as near; or ``help`` alone."""
    words = list(choices)
    found = suggest(word, words)
    return Remarks(f"did you mean '{found}'?" if found else "", help, sure(word, words))


def got(node: Node) -> str:
    """The value received, as sentences end with it."""
    if isinstance(node, Scalar):
        return "nothing" if node.value is None and node.start == node.end else quoted(node.value)
    return "a mapping" if isinstance(node, MappingNode) else quoted(list(node.items))


def unknown_key(node: MappingNode, name: str, shape: Model, extra: tuple[str, ...], where: str) -> Diagnostic:
    """An unknown key: what it may have been meant to be, where it belongs, or what there is."""
    key = node.entries[name].key
    owner = _owner(name, shape)
    if owner:
        return complain("R012", f"unknown key {quoted(name)}", key, Remarks(help=f"'{name}' is a key of '{owner}'"))
    needed = [field for field in shape.required if field not in node.entries]
    absent = [*needed, *(field for field in shape.fields if field not in node.entries), *extra]
    remarks = did_you_mean(name, absent)
    if not remarks.label:
        remarks = Remarks(help=f"keys of {where}: {', '.join([*shape.fields, *extra])}")
    elif remarks.fix is None and (required := sure(name, needed)) == suggest(name, absent):
        remarks = replace(remarks, fix=required)  # of several, what the recipe cannot do without
    return complain("R012", f"unknown key {quoted(name)}", key, remarks)


def _owner(name: str, shape: Model) -> str | None:
    """The key of ``shape`` under whose mapping ``name`` belongs."""
    for key in shape.fields:
        for option in flatten(shape.field(key)):
            models = option.by_tag.values() if isinstance(option, Tagged) else [option]
            if any(isinstance(model, Model) and name in model.fields for model in models):
                return key
    return None


def missing_key(node: MappingNode, name: str, place: Place, tag: str, help: str) -> Diagnostic:
    """A missing key, shown at the key of the mapping that lacks it or at the mapping's start."""
    first = next(iter(node.entries.values()), None)
    brace = Scalar(node.source, node.start, node.start + 1, None)
    start = brace if node.flow or first is None else first.key
    return complain(
        "R010", f"missing key '{name}'{tag}", place.key or start, Remarks(help=f"{name}: {help}" if help else "")
    )
