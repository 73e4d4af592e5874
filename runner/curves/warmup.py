"""A ramp before any other curve, or instead of its first steps."""

import numpy as np

from runner.curves.checks import require_not_negative
from runner.curves.segments import Segment, segments
from runner.curves.types import Curve, Shape, Steps, Values


def warmup(after: Curve, length: int, *, first: float = 0.0, shape: Shape = "linear", overlap: bool = False) -> Curve:
    """η(t) = shape(first, after(0), t/W) for t < W, and after(t − W) from then on.

    The following curve starts with its own t = 0 at step W, with exactly the value that the ramp leads to. With
    ``overlap`` it starts at step 0: η(t) = shape(first, after(W), t/W) for t < W, and after(t) from then on.
    Before the start: ``first``; after the end: as ``after``.

    Args:
        after: the following curve.
        length: W, in steps.
        first: value at step 0.
        shape: shape of the ramp; ``exponential`` needs both its ends above zero.
        overlap: whether the ramp replaces the first W steps of the curve instead of preceding them.

    Raises:
        ValueError: ``length`` is below one, ``first`` is negative, or an exponential starts or ends at zero.

    Source: Goyal et al. 2017 (gradual warm-up); optax' ``warmup_cosine_decay_schedule``;
    the TensorFlow model garden's ``LinearWarmup`` (overlap).

    >>> from runner.curves.constant import constant
    >>> warmup(constant(0.1), 4)(np.arange(6))
    array([0.   , 0.025, 0.05 , 0.075, 0.1  , 0.1  ])
    """
    require_not_negative("first", first)
    shift = 0 if overlap else length
    goal = float(after(np.array([length - shift], dtype=np.int64))[0])
    # The second row provides the target of the ramp at step W; it is not read beyond that.
    ramp = segments([Segment(0, length, first, goal, shape), Segment(length, length + 1, goal, goal)])

    def curve(steps: Steps) -> Values:
        joined: Values = np.where(steps < length, ramp(steps), after(np.maximum(steps - shift, 0)))
        return joined

    return curve
