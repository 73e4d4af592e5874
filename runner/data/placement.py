"""What of the data stays in memory, and how the rest is read."""

import math
from dataclasses import dataclass

from runner.data.facts import DataFacts

WINDOW_SHARE = 8
"""A window takes 1/8 of the limit: one is used, two are ready, one is read and shuffled, which is two at a time."""
WINDOWS_AHEAD = 3
"""Those that are ready or being read: with one alone, reading would rest while a call of several steps computes."""
EVALUATION_SHARE = 4
"""Validation and test examples stay if they take no more than 1/4 of the limit, beside windows of training ones."""
_LARGEST_BLOCK = 1024
_BLOCKS = 4
"""Least blocks of a window, where that makes blocks no smaller than one example."""


@dataclass(frozen=True)
class Window:
    """How a split that is not in memory is shuffled."""

    block: int
    """Consecutive examples that are read together."""
    blocks: int
    """Blocks that are shuffled together."""

    @property
    def examples(self) -> int:
        """Of a window."""
        return self.block * self.blocks


@dataclass(frozen=True)
class Placement:
    """Where the examples are while the run trains; the same on every machine."""

    window: Window | None
    """Of the training examples; None: they are in memory."""
    evaluation: bool
    """Whether validation and test examples are in memory."""
    size: int
    """Most memory that examples take."""


def placement(data: DataFacts, limit: int) -> Placement:
    """Decide by the size of the examples as they are stored, and by nothing of the machine: it gives the order.

    Args:
        data: sizes of the splits and of an example.
        limit: bytes, the recipe's ``data.resident_limit``.
    """
    size, evaluated = data.bytes_per_example, data.validation + data.test
    total = data.shared if data.shared is not None else size * (data.train + evaluated)
    if total <= limit:
        return Placement(None, True, total)
    examples = max(limit // WINDOW_SHARE // size, 1)
    block = min(max(examples // _BLOCKS, 1), _LARGEST_BLOCK)
    window = Window(block, max(examples // block, 1))
    return Placement(window, size * evaluated <= limit // EVALUATION_SHARE, limit)


def described(found: Placement, data: DataFacts) -> str:
    """Such as ``read as it trains, in windows of 4,000 of 55,000 examples``, or ``in memory``."""
    if found.window is None:
        return "in memory"
    windows = math.ceil(data.train / found.window.examples)
    return (
        f"read as it trains: {windows:,} windows of {found.window.examples:,} examples, "
        f"in blocks of {found.window.block:,}"
    )
