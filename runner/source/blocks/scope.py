"""Where a list of layers stands: in which block, with which arguments, and what its names mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from runner.source.yaml.nodes import Node
from schemas.graph import INPUT


@dataclass(frozen=True)
class Call:
    """One use of a block."""

    block: str
    values: Mapping[str, Node]
    """Values of its arguments, the defaults included."""
    given: frozenset[str]
    """The arguments whose values the use gives."""


@dataclass(frozen=True)
class Scope:
    """One list of layers while it is written out."""

    prefix: str = ""
    """What the names of its layers begin with in the model."""
    input: str = INPUT
    """Name in the model of the layer whose output its first layer takes."""
    outer: "Scope | None" = None
    """The list around it, whose names it sees; None in a block, which sees only its own."""
    call: Call | None = None
    """The innermost use of a block around it."""
    open: tuple[str, ...] = ()
    """All blocks around it, the innermost last."""
    places: tuple[str, ...] = ()
    """What diagnostics say of the uses around it, the innermost first."""
    names: dict[str, str] = field(default_factory=dict)
    """Names in the model of those layers that have been given one, by it."""

    def resolve(self, name: str) -> str | None:
        """Name in the model of what ``name`` means here; None if nothing before is called that."""
        if name == INPUT:
            return self.input
        if name in self.names:
            return self.names[name]
        return self.outer.resolve(name) if self.outer is not None else None

    def whole(self, name: str) -> str | None:
        """The name with what names of its list begin with: of a composite its own, not that of its last layer."""
        if name in self.names:
            return self.prefix + name
        return self.outer.whole(name) if self.outer is not None else None

    def visible(self) -> list[str]:
        """All names that mean something here."""
        return [INPUT, *self.names, *(self.outer.visible()[1:] if self.outer is not None else ())]

    def within(self, name: str | None, input: str) -> "Scope":
        """The scope of layers in a layer of this list, which a name sets apart."""
        prefix = self.prefix if name is None else f"{self.prefix}{name}."
        return Scope(prefix, input, self, self.call, self.open, self.places)

    def of_block(self, call: Call, name: str, input: str, place: str) -> "Scope":
        """The scope of the layers of a block that is used here under a name."""
        return Scope(f"{self.prefix}{name}.", input, None, call, (*self.open, call.block), (place, *self.places))
