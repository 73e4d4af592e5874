"""How a value goes over one phase."""

from typing import Literal, NamedTuple

from pydantic import Field

from schemas.base import Node
from schemas.quantities import Momentum, NonNegative, RateOrZero

CurveShape = Literal["linear", "cosine", "exponential"]
"""How a phase goes from its first value to its last."""


class Ends(NamedTuple):
    """A value at the first step of a phase and the value it leads to."""

    first: float
    """At the phase's first step."""
    last: float
    """At the next phase's first step, unless that one jumps; in the last phase, at the last step of the run."""


class FromTo(Node):
    """A value that moves over one phase."""

    from_: RateOrZero = Field(alias="from")
    """Value at the phase's first step."""
    to: RateOrZero
    """Value at the next phase's first step; in the last phase, at the last step of the run."""


class MomentumFromTo(Node):
    """Momentum that moves over one phase."""

    from_: Momentum = Field(alias="from")
    """Momentum at the phase's first step."""
    to: Momentum
    """Momentum at the next phase's first step; in the last phase, at the last step of the run."""


class WeightDecayFromTo(Node):
    """Weight decay that moves over one phase."""

    from_: NonNegative = Field(alias="from")
    """Weight decay at the phase's first step."""
    to: NonNegative
    """Weight decay at the next phase's first step; in the last phase, at the last step of the run."""


def ends(value: float | FromTo | MomentumFromTo | WeightDecayFromTo) -> Ends:
    """First and last value of a row, which may be one value."""
    return Ends(value, value) if isinstance(value, float) else Ends(value.from_, value.to)
