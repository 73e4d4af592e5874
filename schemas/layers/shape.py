"""Shapes of inputs and outputs, as far as they are known without the data."""

import math

Known = tuple[int | None, ...]
"""Sides without the batch axis; None for an unknown side."""
Shape = Known | None
"""A shape; None if nothing is known about it."""


class Misfit(Exception):
    """A layer does not accept its inputs."""

    def __init__(self, code: str, key: str | None, message: str, help: str) -> None:
        super().__init__(code, key, message, help)
        self.code, self.key, self.message, self.help = code, key, message, help


def size(shape: Known) -> int | None:
    """Number of values; None if any side is unknown.

    >>> size((28, 28, 1))
    784
    """
    sides = [side for side in shape if side is not None]
    return math.prod(sides) if len(sides) == len(shape) else None


def written(shape: Known) -> str:
    """The shape as text, with ``?`` for an unknown side.

    >>> written((28, None, 1))
    '28 x ? x 1'
    """
    return " x ".join(str(side or "?") for side in shape)
