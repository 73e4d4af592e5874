"""From a model with blocks to the same model as a list of plain layers.

Works on nodes, so that every value keeps the text that it came from: errors in a block are told at its lines, and
errors in the value of an argument at the use that gives it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from runner.diagnostics import Diagnostic, suggest
from runner.source.blocks import faults
from runner.source.blocks.again import Span, again, output_of
from runner.source.blocks.definitions import Definition, definitions
from runner.source.blocks.detection import BLOCKS, KIND, LAYERS, MODEL, kind_of
from runner.source.blocks.flat import FlatLayers
from runner.source.blocks.parts import part
from runner.source.blocks.scope import Call, Scope
from runner.source.blocks.substitution import NESTED, count, substituted
from runner.source.yaml.nodes import Entry, MappingNode, Node, Scalar, Sequence
from schemas.composites import COMPOSITES
from schemas.graph import INPUT
from schemas.layers import LayerBase
from schemas.layers.composite import BlockUse, Parallel, Residual

INPUTS, NAME = "inputs", "name"
_MAX_NODES = 50_000
"""Maximum number of values of the layers that blocks stand for, lists within lists counted once for each."""
_RESERVED = ("input", "output", "scaling")


@dataclass(frozen=True)
class Expanded:
    """A recipe without blocks."""

    root: MappingNode
    places: tuple[tuple[str, ...], ...]
    """For each layer, what diagnostics say of the uses of blocks that brought it, the innermost first."""
    values: dict[tuple[str, int], str]
    """What diagnostics say of a value that an argument brought, by the place of its text."""
    problems: list[Diagnostic]


def expand(root: MappingNode, *, complete: bool = True) -> Expanded:
    """Write out all layers of a recipe for which :func:`has_blocks` holds.

    At most 1,000 layers are made; more is an error that is found before any more are.

    Args:
        root: the recipe.
        complete: False if a part could not be read, so that nothing is missing for sure.
    """
    model = root.entries[MODEL].value
    assert isinstance(model, MappingNode)
    layers = model.entries[LAYERS].value
    assert isinstance(layers, Sequence)
    blocks, problems = definitions(model, complete=complete)
    expansion = _Expansion(model, blocks, problems, complete)
    expansion.write(layers.items, Scope(names=_named_inputs(model)))
    expansion.tell_unused(root.source.name)
    flat = expansion.flat
    entries = {key: entry for key, entry in model.entries.items() if key != BLOCKS or blocks is None}
    entries[LAYERS] = Entry(entries[LAYERS].key, Sequence(layers.source, layers.start, layers.end, tuple(flat.nodes)))
    if flat.is_graph and isinstance(kind := model.get(KIND), Scalar) and kind.value == "sequential":
        entries[KIND] = Entry(entries[KIND].key, Scalar(kind.source, kind.start, kind.end, "functional"))
    whole = root.replace({**root.entries, MODEL: Entry(root.entries[MODEL].key, model.replace(entries))})
    return Expanded(whole, tuple(flat.places), expansion.values, problems)


class _Expansion:
    """The state of one expansion."""

    def __init__(
        self, model: MappingNode, blocks: dict[str, Definition] | None, problems: list[Diagnostic], complete: bool
    ) -> None:
        self.values: dict[tuple[str, int], str] = {}
        self.flat = FlatLayers(model)
        self._blocks = blocks
        self._problems = problems
        self._complete = complete
        self._sequential = kind_of(model) == "sequential"
        self._used: set[str] = set()
        self._spans: dict[str, Span] = {}
        self._broken: set[tuple[str, int]] = set()  # layers that have been told already
        self._nodes = 0
        self._over = False

    def write(self, layers: Iterable[Node], scope: Scope) -> str:
        """Write out a list of layers; return the name of the last one, or of its input if there is none."""
        before = scope.input
        for number, node in enumerate(layers, start=1):
            if self._over:
                break
            before = self._layer(node, number, scope, before)
            if len(self.flat.nodes) > faults.MAX_LAYERS:
                self._stop(node, f"{faults.MAX_LAYERS:,} layers in all")
        return before

    def tell_unused(self, file: str) -> None:
        """Warn of blocks that nobody uses, if the recipe itself defines them; a base may hold more than one needs."""
        if any(problem.severity == "error" for problem in self._problems):
            return  # one of them may be the use
        for name, definition in (self._blocks or {}).items():
            if name not in self._used and definition.key.source.name == file:
                self._problems.append(faults.unused_block(definition.key))

    def _layer(self, node: Node, number: int, scope: Scope, before: str) -> str:
        node = self._with_values(node, scope)
        if self._over or not isinstance(node, MappingNode):
            self.flat.keep(node, scope)
            return before
        self._check_name(node, scope)
        kind = kind_of(node)
        inputs = self._inputs(node, scope)
        if kind == "shared":
            return self._shared(node, scope, before, inputs)
        if kind not in COMPOSITES:
            return self._plain(node, kind, scope, before, inputs)
        if node.place in self._broken:
            return before
        found = part(node, kind, number, complete=self._complete)
        if isinstance(found, list):
            self._problems.extend(found)
            self._broken.add(node.place)
            return before
        if inputs is not None and len(inputs) != 1:
            self._problems.append(faults.several_inputs(node.entries[INPUTS].value, kind, len(inputs)))
        start, entry = len(self.flat.nodes), inputs[0] if inputs else before
        name = self._composite(node, found, scope, entry)
        if found.name is not None:
            whole = scope.prefix + found.name
            self._keep(Span(whole, start, len(self.flat.nodes), entry, name), found.name, scope)
        return name

    def _keep(self, span: Span, name: str, scope: Scope) -> None:
        self._spans[span.name] = span
        scope.names[name] = span.output

    def _shared(self, node: MappingNode, scope: Scope, before: str, inputs: list[str] | None) -> str:
        """A layer once more, or all layers of a composite."""
        target = _word(node, "layer")
        whole = scope.whole(target) if target is not None else None
        span = self._spans.get(whole) if whole is not None else None
        if span is None:
            return self._plain(self._naming(node, whole), "shared", scope, before, inputs)
        if inputs is not None and len(inputs) != 1:
            self._problems.append(faults.several_inputs(node.entries[INPUTS].value, "shared", len(inputs)))
        written = _word(node, NAME) or self.flat.number("shared", scope)
        name, entry, start = scope.prefix + written, inputs[0] if inputs else before, len(self.flat.nodes)
        for more in again(span, tuple(self.flat.nodes), name, entry):
            self.flat.share(node, more, scope)
        found = Span(name, start, len(self.flat.nodes), entry, output_of(span, name, entry))
        self._keep(found, written, scope)
        return found.output

    def _naming(self, node: MappingNode, layer: str | None) -> MappingNode:
        """The shared layer with the name in the model of the layer that it applies, where there is one."""
        if layer is None:
            return node
        written = node.entries["layer"]
        named = Scalar(written.value.source, written.value.start, written.value.end, layer)
        return node.replace({**node.entries, "layer": Entry(written.key, named)})

    def _with_values(self, node: Node, scope: Scope) -> Node:
        """The layer with the values of arguments; what lists of layers in it name gets its values with them."""
        self._nodes += count(node)
        if self._nodes > _MAX_NODES:
            self._stop(node, f"{_MAX_NODES:,} values in all")
        call = scope.call
        if call is None or self._over:
            return node

        def value_of(name: str, at: Scalar) -> Node:
            if name not in call.values:
                return at  # told where the block is defined
            value = call.values[name]
            if name in call.given:
                note = f"it is the argument '{name}' of block '{call.block}', taken at {faults.line_of(at)}"
                self.values[value.place] = note
            return value

        if not isinstance(node, MappingNode):
            return substituted(node, value_of)
        nested = NESTED if kind_of(node) in COMPOSITES else ()
        entries = {
            key: entry if key in nested else Entry(entry.key, substituted(entry.value, value_of))
            for key, entry in node.entries.items()
        }
        return node.replace(entries)

    def _check_name(self, node: MappingNode, scope: Scope) -> None:
        name = node.get(NAME)
        if isinstance(name, Scalar) and isinstance(name.value, str):
            if name.value in scope.names:
                self._problems.append(faults.taken_name(name, name.value))
            elif name.value in _RESERVED and not scope.prefix:
                self._problems.append(faults.reserved_name(name, name.value))

    def _inputs(self, node: MappingNode, scope: Scope) -> list[str] | None:
        """Names in the model of the layers that a layer names as its inputs; None if it names none."""
        written = node.get(INPUTS)
        if not isinstance(written, Sequence):
            return None
        if self._sequential and not scope.prefix and scope.outer is None:
            self._problems.append(faults.input_in_sequence(written))
        return [self._resolved(item, scope) for item in written.items]

    def _resolved(self, item: Node, scope: Scope) -> str:
        name = item.value if isinstance(item, Scalar) else None
        if not isinstance(name, str):
            return INPUT  # told by the check of the layer itself
        found = scope.resolve(name)
        nested = scope.call is not None or scope.outer is not None
        if found is None and nested:
            block = scope.call.block if scope.call is not None else None
            self._problems.append(faults.unknown_input(item, name, scope.visible(), block))
        return found if found is not None else name

    def _plain(self, node: MappingNode, kind: str | None, scope: Scope, before: str, inputs: list[str] | None) -> str:
        name = self.flat.add(node, kind, scope, before, inputs)
        written = node.get(NAME)
        if isinstance(written, Scalar) and isinstance(written.value, str):
            scope.names[written.value] = name
        return name

    def _stop(self, node: Node, what: str) -> None:
        if not self._over:
            self._problems.append(faults.too_large(self._at if self._at is not None else node, what))
        self._over = True

    _at: Node | None = None
    """The outermost use of a block that is being written out."""

    def _composite(self, node: MappingNode, found: LayerBase, scope: Scope, before: str) -> str:
        match found:
            case BlockUse():
                outermost = self._at is None
                self._at = node.get("repeat") or node.get("block") if outermost else self._at
                name = self._block(node, found, scope, before)
                self._at = None if outermost else self._at
                return name
            case Residual():
                return self._residual(node, found, scope, before)
            case Parallel():
                return self._parallel(node, found, scope, before)
            case _:
                raise AssertionError(f"no composite layer: {type(found)}")

    def _residual(self, node: MappingNode, found: Residual, scope: Scope, before: str) -> str:
        inner = scope.within(found.name, before)
        learned = self.write(_items(node, "layers"), inner)
        shortcut = self.write(_items(node, "shortcut"), inner)
        return self.flat.merge(node, "add", found.name, scope, [shortcut, learned], same_shape=True)

    def _parallel(self, node: MappingNode, found: Parallel, scope: Scope, before: str) -> str:
        inner = scope.within(found.name, before)
        outputs = [
            self.write(branch.items if isinstance(branch, Sequence) else (), inner)
            for branch in _items(node, "branches")
        ]
        return self.flat.merge(node, found.merge, found.name, scope, outputs)

    def _block(self, node: MappingNode, use: BlockUse, scope: Scope, before: str) -> str:
        at = node.entries["block"].value
        definition = self._definition(at, use.block, scope)
        if definition is None:
            return before
        call = self._call(node, use, definition)
        place = f"in block '{use.block}', used at {faults.line_of(node)}"
        for number in range(1, use.repeat + 1):
            if self._over:
                break
            numbered = f"{use.name}.{number}" if "repeat" in node.entries else use.name
            name = numbered if use.name is not None and numbered is not None else self.flat.number(use.block, scope)
            inner = scope.of_block(call, name, before, place)
            before = self.write(definition.layers, inner)
        return before

    def _definition(self, at: Node, name: str, scope: Scope) -> Definition | None:
        self._used.add(name)
        blocks = self._blocks
        if blocks is None:
            return None
        if name not in blocks:
            if self._complete:
                self._problems.append(faults.unknown_block(at, name, blocks))
            return None
        if name in scope.open:
            self._problems.append(faults.endless(at, name, scope.open))
            self._over = True
            return None
        if len(scope.open) >= faults.MAX_OPEN:
            self._problems.append(faults.too_deep(at))
            self._over = True
            return None
        return blocks[name]

    def _call(self, node: MappingNode, use: BlockUse, definition: Definition) -> Call:
        given = node.get("arguments")
        entries = dict(given.entries) if isinstance(given, MappingNode) else {}
        absent = [name for name in definition.arguments if name not in entries]
        strangers = {name: entry.key for name, entry in entries.items() if name not in definition.arguments}
        for name, key in strangers.items():
            problem = faults.unknown_argument(key, name, use.block, definition.arguments, absent)
            self._problems.append(problem)
        meant = {suggest(name, absent) for name in strangers}  # a misspelt name is one mistake
        for name in absent:
            if definition.arguments[name] is None and name not in meant:
                self._problems.append(faults.missing_argument(node.entries["block"].value, name, use.block))
        values = {name: value for name, value in definition.arguments.items() if value is not None}
        values |= {name: entry.value for name, entry in entries.items() if name not in strangers}
        return Call(use.block, values, frozenset(entries))


def _items(node: MappingNode, key: str) -> tuple[Node, ...]:
    found = node.get(key)
    return found.items if isinstance(found, Sequence) else ()


def _named_inputs(model: MappingNode) -> dict[str, str]:
    """The inputs of a model, which its layers call by their names."""
    found = model.get("inputs")
    return {name: name for name in found.entries} if isinstance(found, MappingNode) else {}


def _word(node: MappingNode, key: str) -> str | None:
    found = node.get(key)
    return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else None
