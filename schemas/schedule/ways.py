"""How a value goes over one phase."""

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from schemas.schedule.moving import FromTo, MomentumFromTo, WeightDecayFromTo

CurveShape = Literal["linear", "cosine", "exponential"]
"""How a phase goes from its first value to its last."""


class Ends(NamedTuple):
    """A value at the first step of a phase and the value it leads to."""

    first: float
    """At the phase's first step."""
    last: float
    """At the next phase's first step, unless that one jumps; in the last phase, at the last step of the run."""


def ends(value: "float | FromTo | MomentumFromTo | WeightDecayFromTo") -> Ends:
    """First and last value of a row, which may be one value."""
    return Ends(value, value) if isinstance(value, float) else Ends(value.from_, value.to)
