"""Momentum as a phase table of its own."""

from typing import Annotated

from pydantic import Field

from schemas.base import Items, Node
from schemas.quantities import DurationField, Momentum
from schemas.schedule.moving import MomentumFromTo
from schemas.schedule.ways import CurveShape, Ends, ends


class MomentumPhase(Node):
    """One row of a momentum curve of its own."""

    duration: DurationField
    """How long it lasts."""
    momentum: Momentum | MomentumFromTo
    """One value, or ``{from, to}``."""
    curve: CurveShape = "linear"
    """Shape of the curve from the first value to the last."""
    jump: bool = False
    """Whether the momentum may start at a different value from the end of the previous phase."""

    @property
    def ends(self) -> Ends:
        """Its first and its last value."""
        return ends(self.momentum)


class MomentumPhases(Node):
    """Momentum as a phase table of its own; it must cover the run."""

    phases: Annotated[Items[MomentumPhase], Field(min_length=1, max_length=1000)]
    """Rows in order."""
