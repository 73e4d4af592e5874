"""A ramp before any other curve."""

import numpy as np

from runner.curves.checks import require_not_negative
from runner.curves.segments import Segment, segments
from runner.curves.types import Curve, Shape, Steps, Values


def warmup(after: Curve, length: int, *, first: float = 0.0, shape: Shape = "linear") -> Curve:
    """η(t) = shape(first, after(0), t/W) for t < W, and after(t − W) from then on.

    The curve that follows starts at its own t = 0 on step W, with exactly the value the ramp leads to.
    Before the start: ``first``; after the end: whatever ``after`` does there.

    Args:
        after: the curve that follows.
        length: W, in steps.
        first: value at step 0.
        shape: of the ramp; ``exponential`` needs both its ends above zero.

    Raises:
        ValueError: when ``length`` is below one, ``first`` is negative or an exponential starts or ends at zero.

    Source: Goyal et al. 2017 (gradual warm-up); optax' ``warmup_cosine_decay_schedule``.
    """
    require_not_negative("first", first)
    goal = float(after(np.zeros(1, dtype=np.int64))[0])
    # The second row gives the ramp its goal at step W; it is never read beyond that.
    ramp = segments([Segment(0, length, first, goal, shape), Segment(length, length + 1, goal, goal)])

    def curve(steps: Steps) -> Values:
        joined: Values = np.where(steps < length, ramp(steps), after(np.maximum(steps - length, 0)))
        return joined

    return curve
