"""Rules that hold for every phase table, of the learning rate and of the momentum."""

import math
from collections.abc import Sequence

from runner.curves import Shape
from runner.errors import ScheduleError
from runner.plan.schedules.body import Ends
from runner.plan.schedules.errors import Path


def require_shape(what: str, shape: Shape, ends: Ends, path: Path) -> None:
    """Refuse an exponential way from or to zero.

    Args:
        what: whose way, such as ``phase 'final': learning rate``.
        shape: of the way.
        ends: its two values.
        path: where the shape or the value was written.

    Raises:
        ScheduleError: when it is exponential, moves, and starts or ends at zero.
    """
    if shape == "exponential" and ends.first != ends.last and min(ends) <= 0:
        raise ScheduleError(
            f"an exponential curve needs values above zero; {what} goes from {ends.first:g} to {ends.last:g}",
            path,
            help="give a small value above zero, or take another curve",
        )


def require_continuity(
    what: str, names: Sequence[str], ends: Sequence[Ends], jumps: Sequence[bool], paths: Sequence[Path]
) -> None:
    """Refuse a phase that starts elsewhere than the one before ended, unless it says ``jump: true``.

    Args:
        what: ``learning rate`` or ``momentum``.
        names: of the phases, in order.
        ends: their values.
        jumps: whether each may jump.
        paths: where each one's values were written.

    Raises:
        ScheduleError: naming the phase and both values.
    """
    for k in range(1, len(ends)):
        before, after = ends[k - 1].last, ends[k].first
        if not jumps[k] and not math.isclose(before, after, rel_tol=1e-9):
            raise ScheduleError(
                f"phase {names[k]!r} starts at {what} {after:g}, where {names[k - 1]!r} ended at {before:g}",
                paths[k],
                help=f"start it at {before:g}, or write jump: true",
            )
