"""The plain layers that a model's layers stand for, as nodes."""

from runner.source.blocks.again import Again
from runner.source.blocks.scope import Scope
from runner.source.yaml.nodes import Entry, MappingNode, Node, Scalar, Sequence
from runner.source.yaml.scalars import Value
from schemas.graph import INPUT


class FlatLayers:
    """Collects layers; each gets a name.

    Args:
        model: as written; names that are written anywhere in it are given to no other layer.
    """

    def __init__(self, model: MappingNode) -> None:
        self.nodes: list[Node] = []
        self.places: list[tuple[str, ...]] = []
        """What diagnostics say of the uses that brought each layer."""
        self.is_graph = False
        """Whether a layer takes another one than the one before it."""
        self._written = set(_names(model))
        self._counts: dict[str, int] = {}
        self._last = INPUT

    def keep(self, node: Node, scope: Scope) -> None:
        """Add what is no layer, for the check of the recipe to tell."""
        self.nodes.append(node)
        self.places.append(scope.places)

    def add(self, node: MappingNode, kind: str | None, scope: Scope, before: str, inputs: list[str] | None) -> str:
        """Add a layer; return its name.

        Args:
            node: as written, with the values of arguments.
            kind: of the layer; None if it has none.
            scope: of the list that it stands in.
            before: name of the layer before it in that list.
            inputs: names of the layers that it takes, where it names them.
        """
        entries = dict(node.entries)
        at = entries.get("kind") or next(iter(entries.values()), None)
        anchor = at.value if at is not None else node
        written = entries.get("name")
        if written is None:
            entries["name"] = _entry(anchor, "name", name := scope.prefix + self._numbered(kind or "layer", scope))
        elif isinstance(written.value, Scalar) and isinstance(written.value.value, str):
            name = scope.prefix + written.value.value
            entries["name"] = Entry(written.key, _scalar(written.value, name))
        else:
            name = scope.prefix + (kind or "layer")
        if inputs is not None:
            entries["inputs"] = _renamed(entries["inputs"], inputs)
        elif before != self._last:
            entries["inputs"] = _inputs(anchor, [before])
        self._append(node.replace(entries), scope, name, wired="inputs" in entries)
        return name

    def merge(
        self,
        node: MappingNode,
        kind: str,
        name: str | None,
        scope: Scope,
        inputs: list[str],
        *,
        same_shape: bool = False,
    ) -> str:
        """Add a layer that merges others; return its name.

        Args:
            node: the composite layer that it ends; errors are told at its ``kind``.
            kind: of the layer.
            name: of the composite layer, which is that of the merging one.
            scope: of the list that the composite layer stands in.
            inputs: names of the layers that are merged.
            same_shape: whether their shapes must be the same.
        """
        at = node.entries["kind"].value
        name = scope.prefix + (name if name is not None else self._numbered(kind, scope))
        entries = {"kind": _entry(at, "kind", kind), "name": _entry(at, "name", name), "inputs": _inputs(at, inputs)}
        if same_shape:
            entries["same_shape"] = _entry(at, "same_shape", True)
        self._append(MappingNode(at.source, at.start, at.end, entries), scope, name, wired=True)
        return name

    def share(self, node: MappingNode, more: Again, scope: Scope) -> None:
        """Add a layer that is applied once more; errors are told at the ``kind`` of the ``shared`` layer that asks."""
        at = node.entries["kind"].value
        entries = {
            "kind": _entry(at, "kind", "shared"),
            "layer": _entry(at, "layer", more.layer),
            "name": _entry(at, "name", more.name),
            "inputs": _inputs(at, list(more.inputs)),
        }
        self._append(MappingNode(at.source, at.start, at.end, entries), scope, more.name, wired=True)

    def number(self, word: str, scope: Scope) -> str:
        """The name of the next use of a block, or of a ``shared`` layer, that is given none, in its list."""
        return self._numbered(word, scope)

    def _numbered(self, word: str, scope: Scope) -> str:
        """``dense_1`` for the first of a word in a list, and so on; names that the recipe gives are left out."""
        key = scope.prefix + word
        number = self._counts.get(key, 0) + 1
        while f"{word}_{number}" in self._written:
            number += 1
        self._counts[key] = number
        return f"{word}_{number}"

    def _append(self, node: MappingNode, scope: Scope, name: str, *, wired: bool) -> None:
        self.nodes.append(node)
        self.places.append(scope.places)
        self.is_graph |= wired
        self._last = name


def _names(node: Node) -> list[str]:
    """All names that layers of a model are given."""
    match node:
        case Sequence():
            return [name for item in node.items for name in _names(item)]
        case MappingNode():
            own = node.get("name")
            found = [own.value] if isinstance(own, Scalar) and isinstance(own.value, str) else []
            return found + [name for entry in node.entries.values() for name in _names(entry.value)]
        case _:
            return []


def _scalar(at: Node, value: Value) -> Scalar:
    """A value that is written nowhere; its text is that of another node."""
    return Scalar(at.source, at.start, at.end, value)


def _entry(at: Node, key: str, value: Value) -> Entry:
    return Entry(_scalar(at, key), _scalar(at, value))


def _inputs(at: Node, names: list[str]) -> Entry:
    return Entry(
        _scalar(at, "inputs"), Sequence(at.source, at.start, at.end, tuple(_scalar(at, name) for name in names))
    )


def _renamed(written: Entry, names: list[str]) -> Entry:
    """The inputs that a recipe names, by their names in the model."""
    assert isinstance(written.value, Sequence)
    pairs = zip(written.value.items, names, strict=True)
    items = tuple(
        _scalar(item, name) if isinstance(item, Scalar) and isinstance(item.value, str) else item
        for item, name in pairs
    )
    return Entry(written.key, Sequence(written.value.source, written.value.start, written.value.end, items))
