"""The 1cycle policy as two phase tables."""

from runner.curves.segments import Segment
from runner.curves.types import Shape

Shapes = tuple[Shape, Shape, Shape]


def one_cycle(
    initial: float, peak: float, final: float, boundaries: tuple[int, int], total: int, *, shapes: Shapes
) -> tuple[Segment, Segment, Segment]:
    """η(t): η₀ → η₁ on [0, b₁), η₁ → η₀ on [b₁, b₂), η₀ → final on [b₂, N).

    Step 0 has exactly η₀, step b₁ exactly η₁, step b₂ exactly η₀, and step N−1 exactly ``final``, even if
    b₂ = N−1. Before the start: η₀; after the end: ``final``.

    Args:
        initial: η₀.
        peak: η₁.
        final: value at step N−1.
        boundaries: (b₁, b₂), the first step of the second half and of the final phase.
        total: N, the number of steps.
        shapes: shapes of the three phases.

    Raises:
        ValueError: 0 < b₁ < b₂ < N does not hold, or an exponential phase starts or ends at zero.

    Source: L. Smith 2018, A disciplined approach to neural network hyper-parameters; A. Géron, Hands-On
    Machine Learning, chapter 11.

    >>> import numpy as np
    >>> from runner.curves.segments import segments
    >>> table = one_cycle(0.1, 0.5, 0.0, boundaries=(2, 4), total=6, shapes=("linear",) * 3)
    >>> segments(table)(np.arange(6))
    array([0.1, 0.3, 0.5, 0.3, 0.1, 0. ])
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

    Momentum moves inversely to the learning rate, with the same shapes. Step b₁ has exactly ``low``; step 0 and
    all steps from b₂ on have exactly ``high``. Before the start and after the end: ``high``.

    Args:
        high: momentum at the ends of the cycle and in the final phase.
        low: momentum at the peak of the learning rate.
        boundaries: (b₁, b₂) of the learning rate's table.
        total: N, the number of steps.
        shapes: shapes of the three phases.

    Raises:
        ValueError: 0 < b₁ < b₂ < N does not hold, or an exponential phase starts or ends at zero.

    Source: as for ``one_cycle``.

    >>> from runner.curves.segments import segments
    >>> table = one_cycle_momentum(0.95, 0.85, boundaries=(2, 4), total=6, shapes=("linear",) * 3)
    >>> segments(table)(np.arange(6))
    array([0.95, 0.9 , 0.85, 0.9 , 0.95, 0.95])
    """
    return one_cycle(high, low, high, boundaries, total, shapes=shapes)
