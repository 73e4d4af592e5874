"""Label smoothing, for the whole run or for its first part."""

from typing import Annotated

from pydantic import Field

from schemas.base import Node
from schemas.quantities import DurationField

SmoothedShare = Annotated[float, Field(ge=0, lt=1)]


class LabelSmoothing(Node):
    """Label smoothing that ends before the run.

    Validation and test are then measured without smoothing from the first epoch on, so that losses are comparable.
    """

    value: SmoothedShare
    """Fraction of each target that is spread evenly over all classes."""
    off_after: DurationField
    """When smoothing ends, counted from the start of the run, such as ``90%`` or ``30 epochs``."""


Smoothing = SmoothedShare | LabelSmoothing
