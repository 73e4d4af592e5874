"""Translates recipes in older versions of the language to the current version.

The tree keeps the spans of the original text, so that later diagnostics point to the text that the user sees.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from runner.diagnostics import Diagnostic
from runner.source.editing.edit import Change
from runner.source.yaml.nodes import VERSION_KEY, Entry, MappingNode, Node, Scalar, Sequence
from runner.source.yaml.positions import SourceText
from schemas.migrations import BUILTIN_NAMES, MIGRATIONS, Pattern, Renamed, Reworded, Sourced, Step
from schemas.recipe import LANGUAGE_VERSION


@dataclass
class Migration:
    """A recipe in the current version, and the changes that led to it."""

    root: MappingNode
    notes: list[Diagnostic] = field(default_factory=list)
    """A warning for each change, at its line."""
    changes: list[Change] = field(default_factory=list)
    """The changes of the text."""

    def apply(self, step: Step) -> None:
        """Apply one step of the migration."""
        match step:
            case Renamed():
                self._change(step.at, lambda node: self._renamed(node, step))
            case Reworded():
                self._change(step.at, lambda node: self._reworded(node, step))
            case Sourced():
                self._change(step.at, self._sourced)

    def note(self, node: Node, old: str, new: str, text: str) -> None:
        """Record a change of ``node``'s text."""
        message = f"{old} in version 0 of the language is {new} in version {LANGUAGE_VERSION}"
        self.notes.append(_warning(node.source, message, node))
        self.changes.append((node.start, node.end, text))

    def raise_version(self, key: Scalar, version: Scalar) -> None:
        """Mark the recipe as one of the current version."""
        message = f"this recipe uses version {version.value} of the language and is read as version {LANGUAGE_VERSION}"
        self.notes.append(_warning(version.source, message, version, "`recipe fmt --upgrade` rewrites the file"))
        self.changes.append((version.start, version.end, str(LANGUAGE_VERSION)))
        self.root = self.root.replace(
            {**self.root.entries, VERSION_KEY: Entry(key, replace(version, value=LANGUAGE_VERSION))}
        )

    def _change(self, at: Pattern, change: Callable[[Node], Node]) -> None:
        root = _changed(self.root, at, change)
        assert isinstance(root, MappingNode)
        self.root = root

    def _renamed(self, node: Node, step: Renamed) -> Node:
        if not isinstance(node, MappingNode) or step.old not in node.entries or step.new in node.entries:
            return node
        if step.kinds and _word(node.get("kind")) not in step.kinds:
            return node
        key = node.entries[step.old].key
        self.note(key, f"'{step.old}'", f"'{step.new}'", step.new)
        entries = {
            step.new if name == step.old else name: entry
            if name != step.old
            else Entry(replace(key, value=step.new), entry.value)
            for name, entry in node.entries.items()
        }
        return node.replace(entries)

    def _reworded(self, node: Node, step: Reworded) -> Node:
        if not isinstance(node, Scalar) or node.value != step.old:
            return node
        self.note(node, f"'{step.old}'", f"'{step.new}'", step.new)
        return replace(node, value=step.new)

    def _sourced(self, node: Node) -> Node:
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return self._wrapped(node, node.value)
        name = node.entries.get("name") if isinstance(node, MappingNode) else None
        if not isinstance(node, MappingNode) or name is None or "source" in node.entries:
            return node
        source = _source_of(_word(name.value))
        first = next(iter(node.entries.values())).key
        gap = ", " if node.flow else "\n" + " " * (first.span.column - 1)
        self.note(replace(first, end=first.start), "no source", f"'source: {source}'", f"source: {source}{gap}")
        key = Scalar(node.source, first.start, first.end, "source")
        return node.replace({"source": Entry(key, replace(key, value=source)), **node.entries})

    def _wrapped(self, node: Scalar, name: str) -> Node:
        source = _source_of(name)
        written = node.source.text[node.start : node.end]
        self.note(node, "a name", f"'{{source: {source}, name: …}}'", f"{{source: {source}, name: {written}}}")
        at = replace(node, style="")
        entries = {"source": Entry(replace(at, value="source"), replace(at, value=source))}
        entries["name"] = Entry(replace(at, value="name"), node)
        return MappingNode(node.source, node.start, node.end, entries, flow=True)


def migrated(root: MappingNode, version: int) -> Migration:
    """Translate a recipe from an older version to the current one."""
    migration = Migration(root)
    for number in range(version, LANGUAGE_VERSION):
        for step in MIGRATIONS[number]:
            migration.apply(step)
    entry = root.entries.get(VERSION_KEY)
    if entry is not None and isinstance(entry.value, Scalar):
        migration.raise_version(entry.key, entry.value)
    return migration


def _changed(node: Node, at: Pattern, change: Callable[[Node], Node]) -> Node:
    """The tree with the nodes at a pattern changed; unchanged if there are none."""
    if not at:
        return change(node)
    head, rest = at[0], at[1:]
    match node:
        case Sequence() if head == "*":
            return replace(node, items=tuple(_changed(item, rest, change) for item in node.items))
        case MappingNode() if head in node.entries:
            entry = node.entries[head]
            return node.replace({**node.entries, head: Entry(entry.key, _changed(entry.value, rest, change))})
        case _:
            return node


def _word(node: Node | None) -> str:
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""


def _source_of(name: str) -> str:
    return "builtin" if name in BUILTIN_NAMES else "tfds"


def _warning(source: SourceText, message: str, node: Node, help: str = "") -> Diagnostic:
    warning = source.diagnostic("R023", message, node.start, node.end, help=(help,) * bool(help))
    return replace(warning, severity="warning")
