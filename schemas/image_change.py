"""What all changes of images have."""

from typing import Annotated, ClassVar

from pydantic import Field

from schemas.base import Node
from schemas.later import is_none
from schemas.quantities import DurationField

Chance = Annotated[float, Field(gt=0, le=1)]


class Transform(Node):
    """Keys of any change. Every image draws its own numbers, a function of the seed, the epoch and its place in it."""

    kind: str
    """Which change."""
    probability: Chance = 1.0
    """Fraction of the images that are changed."""
    off_after: DurationField | None = Field(default=None, exclude_if=is_none)
    """When it ends, counted from the start of the run, such as ``90%``; by default it acts throughout."""

    mixes: ClassVar[bool] = False
    """Whether it makes one example of two."""
