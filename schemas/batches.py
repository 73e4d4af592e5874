"""What any source of examples has: its name, how many a step takes, and how many stay in memory."""

from typing import Literal

from pydantic import Field

from schemas.base import Node
from schemas.later import is_none, is_zero
from schemas.memory_size import MemorySize, MemorySizeField
from schemas.quantities import Count


class Batches(Node):
    """How examples reach the steps."""

    source: str
    """Where the examples come from."""
    batch_size: Count = 32
    """Number of examples per step."""
    drop_remainder: bool = Field(default=False, exclude_if=is_zero)
    """Whether to drop the examples at the end of an epoch that do not fill a batch. The order is new in every epoch, so
    different examples are dropped each time."""
    target_scale: Literal["standard"] | None = Field(default=None, exclude_if=is_none)
    """For regressions: ``standard`` makes the loss compare (target − mean)/deviation, with statistics of the training
    part, so that large targets train like small ones. Predictions and metrics stay in the target's own units."""
    resident_limit: MemorySizeField = MemorySize(2, "GiB")
    """Largest amount of memory for the examples. Data that fits stays on the device, in a new order every epoch. Larger
    data is read during training: blocks of the files in a new order every epoch, shuffled in windows of an eighth of
    the limit."""
