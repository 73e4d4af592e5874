"""Label smoothing, for the whole run or for the first part of it."""

from typing import Annotated

from pydantic import Field

from schemas.base import Node
from schemas.quantities import DurationField

SmoothedShare = Annotated[float, Field(ge=0, lt=1)]


class LabelSmoothing(Node):
    """Label smoothing that ends before the run does.

    Validation and test are then measured without it from the first epoch on, so that their losses compare.
    """

    value: SmoothedShare
    """Share of a target that is spread evenly over all classes."""
    off_after: DurationField
    """When it ends, such as ``90%`` or ``30 epochs``, counted from the start of the run."""


def share_of(smoothing: float | LabelSmoothing) -> float:
    """The share while it acts."""
    return smoothing if isinstance(smoothing, float) else smoothing.value
