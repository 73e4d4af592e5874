"""The phase table: a chain of segments, each going from one value to another."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from runner.curves.shapes import interpolate, progress
from runner.curves.types import SHAPES, Curve, Shape, Steps, Values


@dataclass(frozen=True)
class Segment:
    """A phase: steps [start, stop), from ``first`` at ``start`` towards ``last`` at ``stop``.

    ``exponential`` needs both values above zero; if they are equal, the segment is constant with any shape.
    """

    start: int
    stop: int
    first: float
    last: float
    shape: Shape = "linear"

    def __post_init__(self) -> None:
        """Reject an empty segment, an unknown shape, and an exponential from or to zero."""
        if self.stop <= self.start:
            raise ValueError(f"stop must be above start {self.start}; received {self.stop}")
        if self.shape not in SHAPES:
            raise ValueError(f"shape must be one of {', '.join(SHAPES)}; received {self.shape!r}")
        if self.shape == "exponential" and self.first != self.last and min(self.first, self.last) <= 0:
            raise ValueError(
                f"an exponential segment needs values above zero; received first {self.first!r}, last {self.last!r}"
            )


def segments(table: Sequence[Segment]) -> Curve:
    """η(t) = shape(first_k, last_k, (t − b_k) / (b_{k+1} − b_k)) for b_k ≤ t < b_{k+1}.

    b_k is the start of segment k. The value is first_k at b_k and would be last_k at b_{k+1}, where the next
    segment starts; the last segment divides by b_{k+1} − 1 − b_k instead and so reaches its last value exactly at
    the last step of the table. A last segment of a single step has its last value. Before the table: the first
    value of the first segment; after it: the last value of the last segment.

    Args:
        table: segments in order, each starting where the previous one stopped.

    Raises:
        ValueError: the table is empty, or has a gap or an overlap.

    Source: A. Géron, Hands-On Machine Learning, chapter 11 (1cycle as phases); optax' ``join_schedules``.

    >>> table = [Segment(0, 2, 0.0, 1.0), Segment(2, 5, 1.0, 0.0)]
    >>> segments(table)(np.arange(5))
    array([0. , 0.5, 1. , 0.5, 0. ])
    """
    _require_chain(table)
    starts = np.array([row.start for row in table], dtype=np.int64)
    reach = np.array([row.stop for row in table], dtype=np.int64)
    reach[-1] -= 1
    first = np.array([row.first for row in table], dtype=np.float64)
    last = np.array([row.last for row in table], dtype=np.float64)
    shapes = np.array([_shape_code(row) for row in table], dtype=np.int8)

    def curve(steps: Steps) -> Values:
        t = np.clip(steps, starts[0], reach[-1])
        row = np.searchsorted(starts, t, side="right") - 1
        fraction = progress(t, starts[row], reach[row])
        values = np.empty(t.shape, dtype=np.float64)
        for code, shape in enumerate(SHAPES):
            here = shapes[row] == code
            chosen = row[here]
            values[here] = interpolate(shape, first[chosen], last[chosen], fraction[here])
        return values

    return curve


def _shape_code(row: Segment) -> int:
    # A constant has no shape; treated as linear, it may also be zero.
    return SHAPES.index("linear" if row.first == row.last else row.shape)


def _require_chain(table: Sequence[Segment]) -> None:
    if not table:
        raise ValueError("table must have at least one segment; received none")
    for before, after in pairwise(table):
        if after.start != before.stop:
            raise ValueError(
                f"a segment must start where the previous one stopped, at {before.stop}; received {after.start}"
            )
