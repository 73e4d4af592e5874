"""Weight decay as a phase table of its own."""

from typing import Annotated

from pydantic import Field

from schemas.base import Items, Node
from schemas.quantities import DurationField, NonNegative
from schemas.schedule.moving import WeightDecayFromTo
from schemas.schedule.ways import CurveShape, Ends, ends


class WeightDecayPhase(Node):
    """One row of a weight-decay curve."""

    duration: DurationField
    """How long it lasts."""
    weight_decay: NonNegative | WeightDecayFromTo
    """One value, or ``{from, to}``."""
    curve: CurveShape = "linear"
    """Shape of the curve from the first value to the last."""
    jump: bool = False
    """Whether the weight decay may start at a different value from the end of the previous phase."""

    @property
    def ends(self) -> Ends:
        """Its first and its last value."""
        return ends(self.weight_decay)


class WeightDecayPhases(Node):
    """Weight decay as a phase table of its own; it must cover the run."""

    phases: Annotated[Items[WeightDecayPhase], Field(min_length=1, max_length=1000)]
    """Rows in order."""
