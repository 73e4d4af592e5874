"""Warm-up, stable, decay."""

from runner.curves.segments import Segment
from runner.curves.types import Shape


def wsd(
    initial: float, peak: float, final: float, boundaries: tuple[int, int], total: int, *, shape: Shape = "linear"
) -> tuple[Segment, Segment, Segment]:
    """η(t): initial → peak on [0, b₁), peak on [b₁, b₂), peak → final on [b₂, N).

    Step 0 has exactly ``initial``, steps b₁ to b₂ exactly ``peak``, step N−1 exactly ``final``. Before the start:
    ``initial``; after the end: ``final``.

    Args:
        initial: value at step 0.
        peak: value of the stable part.
        final: value at step N−1.
        boundaries: (b₁, b₂), the first step of the stable part and of the decay.
        total: N, the number of steps.
        shape: shape of the decay; the rise is linear.

    Raises:
        ValueError: 0 < b₁ < b₂ < N does not hold, or an exponential decay would end at zero.

    Source: Hu et al. 2024 (MiniCPM); transformers' ``get_wsd_schedule``.

    >>> import numpy as np
    >>> from runner.curves.segments import segments
    >>> table = wsd(0.0, 1.0, 0.0, boundaries=(2, 4), total=7)
    >>> segments(table)(np.arange(7))
    array([0. , 0.5, 1. , 1. , 1. , 0.5, 0. ])
    """
    up, down = boundaries
    return (
        Segment(0, up, initial, peak),
        Segment(up, down, peak, peak),
        Segment(down, total, peak, final, shape),
    )
