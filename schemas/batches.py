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
    """Examples a step."""
    drop_remainder: bool = Field(default=False, exclude_if=is_zero)
    """Leave out the examples of an epoch that do not fill a batch; its order is new in every epoch, so that they are
    others each time."""
    target_scale: Literal["standard"] | None = Field(default=None, exclude_if=is_none)
    """Of a regression: ``standard`` makes the loss compare (target − mean)/deviation, by the training part, so that
    large numbers train as small ones do. Predictions and metrics stay in the target's own units."""
    resident_limit: MemorySizeField = MemorySize(2, "GiB")
    """Most memory that the examples may take. What fits stays on the device, in an order that is new in every epoch.
    What does not is read as it trains: blocks of the files in an order that is new in every epoch, shuffled in windows
    of an eighth of the limit."""
