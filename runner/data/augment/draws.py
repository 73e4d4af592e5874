"""Random numbers that belong to an example: functions of (seed, epoch, place in the epoch), and of nothing else."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]

_AUGMENT = 1 << 60  # keeps the generators apart from those of the order of examples
_WORDS = 4
"""Numbers of one count of the counter-based generator."""


@dataclass(frozen=True)
class Places:
    """The examples ``start … stop - 1`` of an epoch, in the epoch's order."""

    seed: int
    epoch: int
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


def uniforms(places: Places, stream: int, count: int) -> Float64:
    """Numbers in [0, 1), the same for an example whatever else is asked for.

    Args:
        places: the examples.
        stream: number of the transform that asks.
        count: numbers an example.

    Returns:
        Shape ``(examples, count)``.
    """
    blocks = -(-count // _WORDS)
    key = np.array([places.seed, places.epoch + _AUGMENT + (stream << 32)], dtype=np.uint64)
    generator = np.random.Philox(key=key)
    generator.advance(places.start * blocks)
    bits = generator.random_raw(len(places) * blocks * _WORDS)
    found = ((bits >> np.uint64(11)) * 2.0**-53).astype(np.float64).reshape(len(places), blocks * _WORDS)
    return found[:, :count]


def between(u: Float64, low: float, high: float) -> Float64:
    """Uniform in [low, high)."""
    return low + (high - low) * u
