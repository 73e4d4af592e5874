"""Shapes of inputs and outputs, as far as they are known without the data."""

import math
from dataclasses import dataclass

Known = tuple[int | None, ...]
"""Sides without the batch axis; None for a side that is not known."""
Shape = Known | None
"""None for a shape of which nothing is known."""


@dataclass(eq=False)
class Misfit(Exception):
    """A layer that does not take its inputs."""

    code: str
    key: str | None
    message: str
    help: str


def size(shape: Known) -> int | None:
    """Number of values; None as soon as one side is not known."""
    sides = [side for side in shape if side is not None]
    return math.prod(sides) if len(sides) == len(shape) else None


def written(shape: Known) -> str:
    """Such as ``28 x 28 x 1``, with ``?`` for a side that is not known."""
    return " x ".join(str(side or "?") for side in shape)
