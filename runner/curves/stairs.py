"""Stairs: time that is constant between two changes."""

import numpy as np

from runner.curves.checks import require_positive
from runner.curves.types import Steps, Values


def time_of(
    steps: Steps, scale: float, *, staircase: bool = False, every: int | None = None, offset: int = 0
) -> Values:
    """t/s, or ⌊t/s⌋ with ``staircase``; with ``every``, t is first rounded down to a multiple of that many steps.

    Before the start: 0.

    Args:
        steps: t.
        scale: s, in steps; need not be an integer.
        staircase: whether to round t/s down to an integer, as in Keras' schedules.
        every: steps between two changes, such as the steps of an epoch; None for a new value at every step.
        offset: steps of the run before t = 0 (a warm-up), because ``every`` counts from the start of the run.

    Raises:
        ValueError: ``every`` is below one, ``offset`` is negative, or both ``staircase`` and ``every`` are given.

    >>> time_of(np.arange(5), 2, staircase=True)
    array([0., 0., 1., 1., 2.])
    """
    if offset < 0:
        raise ValueError(f"offset must be at least zero; received {offset!r}")
    if every is not None and staircase:
        raise ValueError(f"staircase and every cannot be combined; received both, every {every!r}")
    width = 1 if every is None else every
    require_positive("every", width)
    t = np.maximum((np.maximum(steps, 0) + offset) // width * width - offset, 0)
    time: Values = t / scale
    return np.floor(time) if staircase else time
