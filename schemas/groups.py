"""Groups of layers whose learning rate has a factor over the run: frozen, slower, or unfrozen later."""

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Items, Node
from schemas.quantities import DurationField, NonNegative
from schemas.schedule.ways import CurveShape, Ends

GroupName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
"""Name of a group."""
Member = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}(\.[A-Za-z0-9_]{1,64}){0,16}(\[-?[0-9]{0,6}:-?[0-9]{0,6}\])?$",
        max_length=160,
    ),
]
"""Name of a layer, or a range of the layers of an application: ``base[:100]``."""


class FactorFromTo(Node):
    """A factor that moves over one phase."""

    from_: NonNegative = Field(alias="from")
    """Factor at the phase's first step."""
    to: NonNegative
    """Factor at the next phase's first step; in the last phase, at the last step of the run."""


class FactorPhase(Node):
    """One row of a factor's curve; a row may start elsewhere than the one before ended."""

    duration: DurationField
    """How long it lasts."""
    factor: NonNegative | FactorFromTo
    """One value, or ``{from, to}``; 0 freezes the layers."""
    curve: CurveShape = "linear"
    """Shape of the curve from the first value to the last."""

    @property
    def ends(self) -> Ends:
        """Its first and its last value."""
        if isinstance(self.factor, float):
            return Ends(self.factor, self.factor)
        return Ends(self.factor.from_, self.factor.to)


class FactorPhases(Node):
    """A factor as a phase table; it must cover the run."""

    phases: Annotated[Items[FactorPhase], Field(min_length=1, max_length=1000)]
    """Rows in order."""


class Group(Node):
    """Layers that follow their gradients at a learning rate of their own."""

    layers: Annotated[Items[Member], Field(min_length=1, max_length=1000)]
    """Names of layers, as their ``name`` gives them; the name of a block, or of a layer that contains others, stands
    for all layers in it. ``output`` is the output layer. For an application named ``base``, ``base.LAYER`` is a layer
    by Keras' name, and ``base[100:]`` or ``base[:-20]`` are layers by number, as in Keras' ``base.layers``."""
    factor: NonNegative | FactorPhases
    """Factor of the learning rate. At 0 the layers are frozen: weights, optimizer slots and moving averages of batch
    normalization keep their values, and weight decay does not act on them."""

    @property
    def can_freeze(self) -> bool:
        """Whether the factor is 0 at some step."""
        if isinstance(self.factor, float):
            return self.factor == 0
        return any(0 in row.ends for row in self.factor.phases)


Groups = Annotated[dict[GroupName, Group], Field(max_length=100)]
