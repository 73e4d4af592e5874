"""How a value goes over one phase."""

from typing import Literal

from pydantic import Field

from schemas.base import Node
from schemas.quantities import Momentum, RateOrZero

CurveShape = Literal["linear", "cosine", "exponential"]
"""How a phase goes from its first value to its last."""


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
