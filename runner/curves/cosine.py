"""Decay by half a cosine."""

from runner.curves.checks import require_not_negative
from runner.curves.segments import Segment, segments
from runner.curves.types import Curve


def cosine(initial: float, final: float, total: int) -> Curve:
    """η(t) = η₁ + (η₀ − η₁) · (1 + cos(π t/(N−1))) / 2, exactly η₀ at t = 0 and η₁ at t = N−1.

    Before the start: η₀; after the end: η₁. In a run of one step: η₁.

    Args:
        initial: η₀.
        final: η₁.
        total: N, the number of steps.

    Raises:
        ValueError: ``total`` is below one, or a rate is negative.

    Source: Loshchilov and Hutter 2016 (SGDR); Keras' ``CosineDecay`` reaches η₁ one step later.

    >>> import numpy as np
    >>> cosine(0.1, 0.0, 5)(np.arange(5)).round(4)
    array([0.1   , 0.0854, 0.05  , 0.0146, 0.    ])
    """
    require_not_negative("initial", initial)
    require_not_negative("final", final)
    return segments([Segment(0, total, initial, final, "cosine")])
