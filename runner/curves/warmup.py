"""A ramp before any other curve, or in place of its first steps."""

import numpy as np

from runner.curves.checks import require_not_negative
from runner.curves.segments import Segment, segments
from runner.curves.types import Curve, Shape, Steps, Values


def warmup(after: Curve, length: int, *, first: float = 0.0, shape: Shape = "linear", overlap: bool = False) -> Curve:
    """η(t) = shape(first, after(0), t/W) for t < W, and after(t − W) from then on.

    The curve that follows starts at its own t = 0 on step W, with exactly the value the ramp leads to. With
    ``overlap`` it starts on step 0: η(t) = shape(first, after(W), t/W) for t < W, and after(t) from then on.
    Before the start: ``first``; after the end: whatever ``after`` does there.

    Args:
        after: the curve that follows.
        length: W, in steps.
        first: value at step 0.
        shape: of the ramp; ``exponential`` needs both its ends above zero.
        overlap: whether the ramp takes the place of the curve's first W steps instead of preceding them.

    Raises:
        ValueError: when ``length`` is below one, ``first`` is negative or an exponential starts or ends at zero.

    Source: Goyal et al. 2017 (gradual warm-up); optax' ``warmup_cosine_decay_schedule``;
    the TensorFlow model garden's ``LinearWarmup`` (overlap).
    """
    require_not_negative("first", first)
    shift = 0 if overlap else length
    goal = float(after(np.array([length - shift], dtype=np.int64))[0])
    # The second row gives the ramp its goal at step W; it is never read beyond that.
    ramp = segments([Segment(0, length, first, goal, shape), Segment(length, length + 1, goal, goal)])

    def curve(steps: Steps) -> Values:
        joined: Values = np.where(steps < length, ramp(steps), after(np.maximum(steps - shift, 0)))
        return joined

    return curve
