"""Stairs: time that stands still between two changes."""

import numpy as np

from runner.curves.checks import require_positive
from runner.curves.types import Steps, Values


def time_of(
    steps: Steps, scale: float, *, staircase: bool = False, every: int | None = None, offset: int = 0
) -> Values:
    """t/s, or ⌊t/s⌋ with ``staircase``; with ``every`` t is rounded down to a multiple of so many steps of the run.

    Before the start: 0.

    Args:
        steps: t.
        scale: s, in steps and not necessarily whole.
        staircase: round t/s down to a whole number, as Keras' schedules do.
        every: steps between two changes, such as those of an epoch; None: a new value at every step.
        offset: steps of the run before t = 0 (a warm-up), because ``every`` counts from the start of the run.

    Raises:
        ValueError: when ``every`` is below one, ``offset`` is negative, or both kinds of stairs are asked for.
    """
    if offset < 0:
        raise ValueError(f"offset must be at least zero; received {offset!r}")
    if every is not None and staircase:
        raise ValueError(f"staircase and every are two kinds of stairs; received both, every {every!r}")
    width = 1 if every is None else every
    require_positive("every", width)
    t = np.maximum((np.maximum(steps, 0) + offset) // width * width - offset, 0)
    time: Values = t / scale
    return np.floor(time) if staircase else time
