"""The 1cycle policy as two phase tables."""

from runner.curves.segments import Segment
from runner.curves.types import Shape

Shapes = tuple[Shape, Shape, Shape]


def one_cycle(
    initial: float, peak: float, final: float, boundaries: tuple[int, int], total: int, *, shapes: Shapes
) -> tuple[Segment, Segment, Segment]:
    """η(t): η₀ → η₁ on [0, b₁), η₁ → η₀ on [b₁, b₂), η₀ → final on [b₂, N).

    Step 0 has exactly η₀, step b₁ exactly η₁, step b₂ exactly η₀, step N−1 exactly ``final`` (which wins
    where b₂ = N−1). Before the start it is η₀, after the end ``final``.

    Args:
        initial: η₀.
        peak: η₁.
        final: value at step N−1.
        boundaries: (b₁, b₂), the first step of the second half and of the final phase.
        total: N, the number of steps.
        shapes: of the three phases.

    Raises:
        ValueError: when 0 < b₁ < b₂ < N does not hold, or an exponential phase starts or ends at zero.

    Source: L. Smith 2018, A disciplined approach to neural network hyper-parameters; A. Géron, Hands-On
    Machine Learning, chapter 11.
    """
    up, down = boundaries
    return (
        Segment(0, up, initial, peak, shapes[0]),
        Segment(up, down, peak, initial, shapes[1]),
        Segment(down, total, initial, final, shapes[2]),
    )


def one_cycle_momentum(
    high: float, low: float, boundaries: tuple[int, int], total: int, *, shapes: Shapes
) -> tuple[Segment, Segment, Segment]:
    """m(t): high → low on [0, b₁), low → high on [b₁, b₂), high on [b₂, N).

    Momentum moves inversely to the learning rate and in the same shapes. Step b₁ has exactly ``low``; step 0
    and all steps from b₂ on have exactly ``high``, as it is before the start and after the end.

    Args:
        high: momentum at the ends of the cycle and in the final phase.
        low: momentum at the peak of the learning rate.
        boundaries: (b₁, b₂) of the learning rate's table.
        total: N, the number of steps.
        shapes: of the three phases.

    Raises:
        ValueError: when 0 < b₁ < b₂ < N does not hold, or an exponential phase starts or ends at zero.

    Source: as for ``one_cycle``.
    """
    return one_cycle(high, low, high, boundaries, total, shapes=shapes)
