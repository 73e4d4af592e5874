"""How much memory a run will take, before anything is allocated."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.optimizer import OptimizerBase

_FLOAT = 4


@dataclass(frozen=True)
class Memory:
    """Bytes by what they are for."""

    weights: int
    """Weights, their gradients and the optimizer's slots."""
    activations: int
    """Outputs of every layer for one batch, kept for the backward pass."""
    data: int
    """Examples that are in memory at a time, as they are stored."""
    scores: int = 0
    """Scores of all validation or test examples, where a metric needs their ranks."""

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.activations + self.data + self.scores


def estimate(
    optimizer: OptimizerBase,
    parameters: int,
    output_shapes: Sequence[tuple[int | None, ...]],
    batch_size: int,
    data: int,
    *,
    scores: int = 0,
    copies: int = 0,
    activation_bytes: int = _FLOAT,
) -> Memory:
    """Sum up weights · (2 + slots + copies) + activations · batch + data + scores, in bytes.

    Slots of an optimizer of which they are not known count nothing.

    Args:
        optimizer: the recipe's.
        parameters: number of weights.
        output_shapes: of every layer, without the batch axis.
        batch_size: examples that are computed at a time.
        data: bytes of the examples that are in memory.
        scores: bytes of the scores whose ranks a metric needs.
        copies: of the weights, beyond themselves, their gradients and the slots: an average, accumulated gradients.
        activation_bytes: size of one number of an output.
    """
    values = sum(math.prod(side or 1 for side in shape) for shape in output_shapes)
    return Memory(
        weights=parameters * (2 + (optimizer.slots_per_weight or 0) + copies) * _FLOAT,
        activations=values * batch_size * activation_bytes,
        data=data,
        scores=scores,
    )


def human(size: float) -> str:
    """``1.2 GiB``, ``640 MiB``."""
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if size < 1024 or unit == "TiB":
            break
        size /= 1024
    return f"{size:.0f} {unit}" if size >= 100 or unit == "B" else f"{size:.1f} {unit}"
