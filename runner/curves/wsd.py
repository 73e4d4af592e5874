"""Warm-up, stable, decay."""

from runner.curves.segments import Segment
from runner.curves.types import Shape


def wsd(
    initial: float, peak: float, final: float, boundaries: tuple[int, int], total: int, *, shape: Shape = "linear"
) -> tuple[Segment, Segment, Segment]:
    """η(t): initial → peak on [0, b₁), peak on [b₁, b₂), peak → final on [b₂, N).

    Step 0 has exactly ``initial``, steps b₁ to b₂ exactly ``peak``, step N−1 exactly ``final``. Before the
    start it is ``initial``, after the end ``final``.

    Args:
        initial: value at step 0.
        peak: value of the stable part.
        final: value at step N−1.
        boundaries: (b₁, b₂), the first step of the stable part and of the decay.
        total: N, the number of steps.
        shape: of the decay; the way up is linear.

    Raises:
        ValueError: when 0 < b₁ < b₂ < N does not hold, or an exponential decay would end at zero.

    Source: Hu et al. 2024 (MiniCPM); transformers' ``get_wsd_schedule``.
    """
    up, down = boundaries
    return (
        Segment(0, up, initial, peak),
        Segment(up, down, peak, peak),
        Segment(down, total, peak, final, shape),
    )
