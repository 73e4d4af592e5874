"""What a schedule says of itself, so that rules, plan and help need no code for single kinds."""

from typing import Literal, NamedTuple

from schemas.findings import Path
from schemas.quantities import Duration
from schemas.schedule.ways import CurveShape, Ends

Role = Literal["part", "share", "turn", "scale"]
"""What a duration is: a ``part``, which with the others adds up to the whole schedule; a ``share`` of it, which with
the others leaves some; a ``turn``, at whose end something changes; a time ``scale`` of a formula."""


class Length(NamedTuple):
    """A duration of a schedule."""

    path: Path
    """Keys from the schedule down to it."""
    duration: Duration
    role: Role


class Way(NamedTuple):
    """A stretch whose shape the recipe chooses."""

    path: Path
    """Keys from the schedule down to the shape."""
    shape: CurveShape
    what: str
    """What moves, for messages."""
    ends: Ends
    """Between which values."""


class Order(NamedTuple):
    """Two learning rates, the first of which is meant to be the lower."""

    low: str
    """Its key."""
    lower: float
    high: str
    """The other's key."""
    higher: float


class MomentumValue(NamedTuple):
    """The least momentum that a key brings along."""

    path: Path
    """Keys from the schedule down to it."""
    least: float
