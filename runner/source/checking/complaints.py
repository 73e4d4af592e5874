"""Diagnostics about a node, and sentences shared by several checks."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from runner.diagnostics import Diagnostic, suggest, sure
from runner.diagnostics.visible import quoted, shorten
from runner.source.checking.allowed import Tagged
from runner.source.yaml.nodes import MappingNode, Node, Scalar

_CURLY = tuple("“”„‟‘’«»")
KEPT_QUOTES = ("R011", "R012")
"""Codes whose fix replaces a word with a word: quotes are kept."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a value: its name in sentences, and its key."""

    name: str
    key: Scalar | None = None
    owner: str = ""
    """Of an item of a list the key of the list."""

    @property
    def field(self) -> str:
        """The key whose value, or the items of whose value, are at this place."""
        return self.owner if self.key is None else str(self.key.value)

    @property
    def of_word(self) -> str:
        """The start of a sentence about an unknown word at this place: ``loss``, ``item 1 of 'metrics':``."""
        return f"{self.name}:" if self.key is None else self.name.strip("'")


@dataclass(frozen=True, slots=True)
class Remarks:
    """Label, help and fix of a diagnostic."""

    label: str = ""
    help: str = ""
    fix: str | None = None


def complain(code: str, message: str, node: Node, remarks: Remarks | None = None) -> Diagnostic:
    """An error about a node."""
    extra = remarks or Remarks()
    fix, span = extra.fix, node.span
    if fix is not None and code in KEPT_QUOTES and isinstance(node, Scalar) and node.style in ("'", '"'):
        fix = f"{node.style}{fix}{node.style}"
    return Diagnostic(
        code=code,
        message=message,
        span=span,
        excerpt=node.source.line(span.line),
        label=extra.label,
        help=(extra.help,) * bool(extra.help),
        fix=fix,
    )


def did_you_mean(word: str, choices: Iterable[str], help: str = "") -> Remarks:
    """The nearest choice as a label, and as a fix if it is unambiguous; otherwise ``help``, which lists the choices.

    A name from another library is reported as such, with the nearest names here.
    """
    words = list(choices)
    last = word.rpartition(".")[2]  # of the path of a class: torch.nn.Linear
    word = last if last.isidentifier() else word
    found = suggest(word, words)
    if found:
        return Remarks(f"did you mean '{found}'?", fix=sure(word, words))
    return known_elsewhere(word, words, help) or Remarks(help=help)


def known_elsewhere(word: str, choices: Iterable[str], help: str = "") -> Remarks | None:
    """Remarks about a name from another library; None if no library is known to use it."""
    from runner.diagnostics.names import known
    from runner.diagnostics.spelling import nearest

    name = known(word)
    if name is None:
        return None
    near = ", ".join(f"'{choice}'" for choice in nearest(word, choices))
    advice = name.advice or (f"nearest here: {near}" if near else "")
    label = f"a name from {name.home}" if advice else f"known, but not supported here ({name.home})"
    return Remarks(label, advice or help)


def advised(place: Place, node: Node, remarks: Remarks | None) -> Remarks | None:
    """Remarks with the advice that there is on a value, unless they know what is meant."""
    from runner.diagnostics.names import advice_on

    if remarks is not None and (remarks.label or remarks.fix):
        return remarks
    text = _as_text(node)
    advice = "" if text is None else slip_in(text) or advice_on(place.field, text)
    return Remarks(help=advice) if advice else remarks


def _as_text(node: Node) -> str | None:
    """A value as the table of advice has it; None for a mapping."""
    if isinstance(node, Scalar):
        return node.value if isinstance(node.value, str) else written_number(node) or str(node.value)
    return None if isinstance(node, MappingNode) else "[]"


def slip_in(text: str) -> str:
    """What is wrong with a text that no value of a recipe looks like: quotes of a word processor, variables."""
    if text[:1] in _CURLY:
        return "write straight quotes, \" or '; these are part of the text"
    is_variable = "${" in text or re.fullmatch(r"\$[A-Za-z_]\w*", text) is not None
    return "variables are not replaced in a recipe; `--set KEY=VALUE` gives a value" if is_variable else ""


def got(node: Node) -> str:
    """The received value, for the end of a sentence; a number is shown as written."""
    if isinstance(node, Scalar):
        nothing = node.value is None and node.start == node.end
        return "nothing" if nothing else written_number(node) or quoted(node.value)
    return "a mapping" if isinstance(node, MappingNode) else quoted(list(node.items))


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that a mapping may have."""

    names: list[str]
    """All keys, required ones first."""
    where: str
    """Name of the mapping in sentences."""
    kinds: Tagged | None = None
    """The kinds that the mapping can have."""


def unknown_key(node: MappingNode, name: str, keys: Keys, owner: str | None = None) -> Diagnostic:
    """The error for an unknown key, with what it may mean, where it belongs, or the possible keys.

    Args:
        node: What the recipe has.
        name: The key.
        keys: Those that the mapping may have.
        owner: A key before it whose mapping lacks the unknown one.
    """
    if owner is not None:
        help = f"'{name}' is a key of '{owner}': write it among the keys of '{owner}', with their indentation"
        return complain("R012", f"unknown key {quoted(name)}", node.entries[name].key, Remarks(help=help))
    absent = [key for key in keys.names if key not in node.entries]
    remarks = _said_twice(node, name, keys) or about_key(name, absent, keys)
    return complain("R012", f"unknown key {quoted(name)}", node.entries[name].key, remarks)


def _said_twice(node: MappingNode, name: str, keys: Keys) -> Remarks | None:
    """Remarks on another library's name for a key that the mapping has too: ``max_epochs`` beside ``epochs``."""
    from runner.diagnostics.names import aliased
    from runner.source.checking.places import is_key

    if is_key(name):
        return None
    beside = next((key for key in aliased(name) if key in keys.names and key in node.entries), None)
    if beside is None:
        return None
    line = node.entries[beside].key.span.line
    return Remarks(f"here it is '{beside}', which is on line {line}", f"remove '{name}', or '{beside}'")


def about_key(name: str, absent: list[str], keys: Keys) -> Remarks:
    """Remarks on a key that does not belong here: what it may mean, or where it does belong."""
    from runner.diagnostics.names import aliased, known
    from runner.source.checking.places import elsewhere, is_key, of_kinds

    every = f"keys of {keys.where}: {', '.join(keys.names)}"
    place = (of_kinds(name, keys.kinds) if keys.kinds else "") or elsewhere(name)
    before, colon, after = name.partition(":")
    if colon and after and before in absent:
        return Remarks(f"write '{before}: {after}', with a space after the colon")
    here = suggest(name, absent)
    if here and not (is_key(name) and place and here not in aliased(name)):
        # A key that is valid elsewhere is not a misspelling, so it is not replaced automatically.
        return Remarks(f"did you mean '{here}'?", fix=None if is_key(name) else sure(name, absent))
    name_elsewhere = known(name)
    if place and not (name_elsewhere and name_elsewhere.advice):
        return Remarks(help=place)
    return known_elsewhere(name, absent, every) or Remarks(help=every)


def written_number(node: Scalar) -> str:
    """The text of a number, such as ``007`` or ``1.10``; empty for anything else."""
    is_number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
    return shorten(node.source.text[node.start : node.end], 40) if is_number and not node.style else ""


def missing_key(node: MappingNode, name: str, place: Place, tag: str, help: str) -> Diagnostic:
    """The error for a missing key, shown at the key of the mapping that lacks it, or at the mapping's start."""
    first = next(iter(node.entries.values()), None)
    brace = Scalar(node.source, node.start, node.start + 1, None)
    start = brace if node.flow or first is None else first.key
    said = " ".join(help.replace("``", "`").split())  # the text of the field's docstring
    return complain(
        "R010", f"missing key '{name}'{tag}", place.key or start, Remarks(help=f"{name}: {said}" if said else "")
    )
