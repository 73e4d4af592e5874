"""Durations as steps, and steps as boundaries."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.errors import ScheduleError
from runner.plan.schedules.schedule_errors import Path as KeyPath
from schemas.quantities import Duration


def nearest(steps: float) -> int:
    """Round to the nearest step, halves upwards.

    Six decimals first: 1.1 epochs of 5 steps are 5.5 steps, and the last bits must not decide otherwise.
    """
    return math.floor(round(steps, 6) + 0.5)


@dataclass(frozen=True)
class Stretch:
    """The steps that durations are measured against: the run, or what a warm-up leaves of it."""

    steps: int
    """Its length N."""
    per_epoch: int
    """Optimizer steps an epoch."""
    offset: int = 0
    """Steps of the run before it."""
    code: Path | None = None
    """Where custom code may be imported from; None: it may not."""

    def __str__(self) -> str:
        """Say how many steps there are, for messages."""
        left = f" left after the {self.offset}-step warmup" if self.offset else ""
        return f"{self.steps} {'step' if self.steps == 1 else 'steps'}{left}"

    def of(self, duration: Duration) -> float:
        """Length of a duration in steps, not rounded; a share is one of this stretch."""
        return duration.steps(total=self.steps, per_epoch=self.per_epoch)

    def time_scale(self, duration: Duration, path: KeyPath) -> float:
        """Length of a duration that a formula divides by.

        Raises:
            ScheduleError: when it is zero.
        """
        scale = self.of(duration)
        if scale <= 0:
            raise ScheduleError(f"{path[-1]} must be longer than zero; received {duration}", path)
        return scale

    def whole(self, duration: Duration, path: KeyPath) -> int:
        """Length of a duration in whole steps.

        Raises:
            ScheduleError: when it is shorter than one step.
        """
        rounded = nearest(self.of(duration))
        if rounded < 1:
            raise ScheduleError(
                f"{path[-1]} must last at least one step; received {duration}, "
                f"which is {self.of(duration):.6g} of the {self}",
                path,
            )
        return rounded


@dataclass(frozen=True)
class Row:
    """A named duration of a phase table and where it was written."""

    name: str
    duration: float
    path: KeyPath


def boundaries(rows: Sequence[Row], stretch: Stretch, table: KeyPath) -> tuple[int, ...]:
    """Cut a stretch into phases: 0, b₁, b₂, …, N.

    b_k is the sum of the first k durations, rounded to the nearest step.

    Args:
        rows: the phases in order, durations in steps.
        stretch: the steps to cover.
        table: path for errors about the table as a whole.

    Raises:
        ScheduleError: when there are more phases than steps, the durations do not add up to the stretch
            within half a step, or a phase is shorter than one step.
    """
    if len(rows) > stretch.steps:
        raise ScheduleError(f"{len(rows)} phases need at least a step each; there are {stretch}", table)
    _require_coverage(rows, stretch, table)
    edges = [nearest(math.fsum(row.duration for row in rows[:k])) for k in range(len(rows))]
    edges.append(stretch.steps)
    for row, start, stop in zip(rows, edges, edges[1:], strict=False):
        if stop <= start:
            raise ScheduleError(
                f"phase {row.name!r} is shorter than one step: it lasts {row.duration:.6g} of the {stretch}",
                row.path,
                help="give it a longer duration, or train for more steps",
            )
    return tuple(edges)


def _require_coverage(rows: Sequence[Row], stretch: Stretch, table: KeyPath) -> None:
    total = math.fsum(row.duration for row in rows)
    excess = round(total - stretch.steps, 6)
    if abs(excess) > 0.5:
        names = " + ".join(row.name for row in rows) if len(rows) <= 5 else f"the {len(rows)} phases"
        raise ScheduleError(
            f"durations must add up to the {stretch}; {names} last {total:.15g}",
            table,
            help=f"{'remove' if excess > 0 else 'add'} {abs(excess):.6g} steps",
        )
