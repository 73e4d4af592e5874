"""Values that move over one phase."""

from pydantic import Field

from schemas.base import Node
from schemas.quantities import Momentum, NonNegative, RateOrZero


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
