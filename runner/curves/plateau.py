"""The scale of a plateau schedule, which multiplies any curve."""

import numpy as np

from runner.curves.checks import require_not_negative
from runner.curves.types import Curve, Steps, Values


def scaled(base: Curve, scale: float, min_lr: float = 0.0) -> Curve:
    """η(t) = max(scale · base(t), min(base(t), min_lr)).

    The floor limits only cuts: where the base itself is below it, the base is kept.

    Args:
        base: the curve to multiply.
        scale: product of all cuts so far, in (0, 1].
        min_lr: floor below which cuts never take the learning rate.

    Raises:
        ValueError: ``scale`` is not in (0, 1], or ``min_lr`` is negative.

    Source: Keras' ``ReduceLROnPlateau``, for a base that is not constant.

    >>> from runner.curves.constant import constant
    >>> scaled(constant(0.1), 0.25, min_lr=0.05)(np.arange(2))
    array([0.05, 0.05])
    """
    if not 0 < scale <= 1:
        raise ValueError(f"scale must be above zero and at most one; received {scale!r}")
    require_not_negative("min_lr", min_lr)

    def curve(steps: Steps) -> Values:
        values = base(steps)
        floored: Values = np.maximum(scale * values, np.minimum(values, min_lr))
        return floored

    return curve
