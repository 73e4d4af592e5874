"""A recipe as read: its data, and the origin of each value."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from runner.diagnostics import Diagnostic, Severity, Span
from runner.diagnostics.model import ARGUMENT, VARIABLE
from runner.source.merging.merge_layers import Layer
from runner.source.yaml.nodes import Data, MappingNode, Node, Path, Scalar, Sequence, steps, text_of, texts, to_data

LAYERS: Path = ("model", "layers")


class Origin(NamedTuple):
    """The origin of a value; later kinds override earlier ones."""

    kind: Literal["default", "base", "recipe", "environment", "set"]
    span: Span | None = None

    def __str__(self) -> str:
        """``default``, ``base.yaml:3`` or ``--set training.epochs``."""
        if self.span is None:
            return "default"
        return self.span.file if self.kind in ("environment", "set") else f"{self.span.file}:{self.span.line}"


class Document(NamedTuple):
    """The merged tree of a recipe, its bases and the overrides."""

    name: str
    """The path of the recipe as the user gave it."""
    root: MappingNode
    layers: tuple[Layer, ...] = ()
    """The merged layers in order of precedence, lowest first: bases, recipe, variables, arguments."""
    unexpanded: MappingNode | None = None
    """The tree as written, where ``root`` has the layers of blocks written out; None where the two are one."""
    places: tuple[tuple[str, ...], ...] = ()
    """For each layer of the model, what notes say of the uses of blocks that brought it."""
    values: Mapping[tuple[str, int], str] = {}
    """What notes say of values that arguments of blocks brought, by the place of their texts."""

    @property
    def compact(self) -> MappingNode:
        """The tree with its blocks as they are written."""
        return self.unexpanded if self.unexpanded is not None else self.root

    @property
    def data(self) -> Data:
        """The recipe as plain values, without ``extends``."""
        data: Data = to_data(self.root)
        return data

    def node(self, path: Path) -> Node | None:
        """The node at a path; None if the recipe has none."""
        found = list(steps(self.root, path))
        return found[-1][1] if len(found) == len(path) + 1 else None

    def span(self, path: Path) -> Span:
        """The span of the value at ``path``, or of the nearest enclosing mapping in the recipe."""
        return self.text(path).span

    def origin(self, path: Path) -> Origin:
        """The origin of the value at ``path``."""
        return Origin("default") if self.node(path) is None else self._origin(self.text(path))

    def shadowed(self, path: Path) -> list[tuple[Origin, Scalar | Node]]:
        """Overridden values for ``path`` with their origins, highest precedence first."""
        texts = [text for layer in reversed(self.layers) if (text := layer.text_at(path)) is not None]
        places = {text.place: text for text in reversed(texts)}
        if self.node(path) is not None:
            places.pop(self.text(path).place, None)
        return [(self._origin(text), text) for text in reversed(places.values())]

    def _origin(self, text: Scalar | Node) -> Origin:
        span = text.span
        if span.file.startswith(ARGUMENT):
            return Origin("set", span)
        if span.file.startswith(VARIABLE):
            return Origin("environment", span)
        return Origin("recipe" if span.file == self.name else "base", span)

    def diagnostic(
        self,
        path: Path,
        code: str,
        message: str,
        *,
        severity: Severity = "error",
        help: tuple[str, ...] = (),
        at_key: bool = False,
    ) -> Diagnostic:
        """A diagnostic about the value at ``path``, for errors found later (by a rule or when building the model).

        With ``at_key``, its key is underlined in any case.
        """
        text = self.text(path)
        if at_key:
            *_, (key, _) = steps(self.root, path)
            text = key or text
        span = text.span
        return Diagnostic(
            code=code,
            message=message,
            severity=severity,
            span=span,
            excerpt=text.source.line(span.line),
            help=help,
            notes=self._notes(path, text),
        )

    def noted(self, diagnostic: Diagnostic) -> Diagnostic:
        """A diagnostic about a value somewhere in the tree, with notes on the block that it is in."""
        if not self.places or diagnostic.span is None:
            return diagnostic
        layers = self.node(LAYERS)
        for number, layer in enumerate(layers.items if isinstance(layers, Sequence) else ()):
            for text in texts(layer):
                if text.span == diagnostic.span:
                    return diagnostic._replace(notes=(*diagnostic.notes, *self._notes((*LAYERS, number), text)))
        return diagnostic

    def _notes(self, path: Path, text: Scalar | Node) -> tuple[str, ...]:
        """The uses of blocks that brought a value of the model."""
        value = self.values.get(text.place)
        of_layer = path[: len(LAYERS)] == LAYERS and len(path) > len(LAYERS)
        number = path[len(LAYERS)] if of_layer else None
        places = self.places[number] if isinstance(number, int) and number < len(self.places) else ()
        return (*((value,) if value is not None else ()), *places)

    def text(self, path: Path) -> Scalar | Node:
        """The text of the value at ``path``, or of the nearest enclosing key or mapping in the recipe."""
        *_, (key, node) = steps(self.root, path)
        return text_of(key, node)
