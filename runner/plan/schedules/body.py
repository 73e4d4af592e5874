"""What every kind of schedule becomes: a curve and the phases that describe it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from runner.curves import Curve, Segment, segments
from runner.plan.schedules.schedule_errors import ScheduleWarning
from schemas.schedule import Ends


@dataclass(frozen=True)
class PlannedPhase:
    """A stretch of the run with a name: one row of ``recipe plan``'s table."""

    name: str
    """What the tables call it."""
    start: int
    """Its first step."""
    stop: int
    """The step after its last."""
    learning_rate: Ends
    """Learning rate at its ends."""
    curve: str
    """Shape in between: a phase table's shape, or the kind whose formula holds."""
    purpose: str
    """What the phase is for."""
    momentum: Ends | None = None
    """Momentum at its ends; None for an optimizer without momentum."""
    weight_decay: Ends | None = None
    """Weight decay at its ends; None where the schedule gives none."""

    @property
    def steps(self) -> int:
        """How many steps it lasts."""
        return self.stop - self.start


@dataclass(frozen=True)
class Body:
    """A schedule without its warm-up, on steps of its own from 0."""

    curve: Curve
    """The learning rate."""
    phases: tuple[PlannedPhase, ...]
    """Rows that partition its steps; without momentum yet."""
    momentum: tuple[Segment, ...] | None = None
    """The momentum that the kind itself brings along."""
    warnings: tuple[ScheduleWarning, ...] = ()


def value_at(curve: Curve, step: int) -> float:
    """One value of a curve."""
    return float(curve(np.array([step], dtype=np.int64))[0])


def single_phase(curve: Curve, steps: int, name: str, kind: str, purpose: str) -> Body:
    """Describe a curve that one formula covers from the first step to the last."""
    ends = Ends(value_at(curve, 0), value_at(curve, steps - 1))
    return Body(curve, (PlannedPhase(name, 0, steps, ends, kind, purpose),))


def phase_table(table: Sequence[Segment], labels: Sequence[tuple[str, str]]) -> Body:
    """Describe a phase table.

    Args:
        table: the learning rate's segments.
        labels: name and purpose of each.
    """
    phases = tuple(
        PlannedPhase(name, row.start, row.stop, Ends(row.first, row.last), shape_name(row), purpose)
        for row, (name, purpose) in zip(table, labels, strict=True)
    )
    return Body(segments(table), phases)


def shape_name(row: Segment) -> str:
    """Name the way a segment goes; one that goes nowhere is constant, whatever its shape."""
    return "constant" if row.first == row.last else row.shape
