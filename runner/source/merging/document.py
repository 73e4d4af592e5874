"""A recipe as read: its data, and where each value came from."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from runner.diagnostics import Diagnostic, Severity, Span
from runner.diagnostics.model import ARGUMENT, VARIABLE
from runner.source.merging.inputs import Layer
from runner.source.yaml.nodes import Data, MappingNode, Node, Path, Scalar, steps, text_of, to_data


class Origin(NamedTuple):
    """Where a value came from; later kinds win over earlier ones."""

    kind: Literal["default", "base", "recipe", "environment", "set"]
    span: Span | None = None

    def __str__(self) -> str:
        """``default``, ``base.yaml:3`` or ``--set training.epochs``."""
        if self.span is None:
            return "default"
        return self.span.file if self.kind in ("environment", "set") else f"{self.span.file}:{self.span.line}"


@dataclass(frozen=True)
class Document:
    """The merged tree of a recipe, its bases and the overrides."""

    name: str
    """The recipe's file, as the person knows it."""
    root: MappingNode
    layers: tuple[Layer, ...] = ()
    """What was merged: the bases, the recipe, variables and arguments, those that win last."""

    @cached_property
    def data(self) -> Data:
        """The recipe as plain values, without ``extends``."""
        data: Data = to_data(self.root)
        return data

    def node(self, path: Path) -> Node | None:
        """The node at a path; None where the recipe says nothing."""
        found = list(steps(self.root, path))
        return found[-1][1] if len(found) == len(path) + 1 else None

    def span(self, path: Path) -> Span:
        """Where the value at ``path`` stands, or the nearest mapping around it that the recipe has."""
        return self.text(path).span

    def origin(self, path: Path) -> Origin:
        """Where the value at ``path`` came from."""
        return Origin("default") if self.node(path) is None else self._origin(self.text(path))

    def shadowed(self, path: Path) -> list[tuple[Origin, Scalar | Node]]:
        """Where else the value at ``path`` is said, with the text there; what wins over the others comes first."""
        said = [text for layer in reversed(self.layers) if (text := layer.text_at(path)) is not None]
        places = {text.place: text for text in reversed(said)}
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
        self, path: Path, code: str, message: str, *, severity: Severity = "error", help: tuple[str, ...] = ()
    ) -> Diagnostic:
        """A diagnostic about the value at ``path``, for whoever finds something later (a rule, the build)."""
        text = self.text(path)
        span = text.span
        return Diagnostic(
            code=code, message=message, severity=severity, span=span, excerpt=text.source.line(span.line), help=help
        )

    def text(self, path: Path) -> Scalar | Node:
        """The text that says the value at ``path``, or the key or mapping around it that the recipe has."""
        *_, (key, node) = steps(self.root, path)
        return text_of(key, node)
