"""What any source of data has."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from schemas.base import Node
from schemas.memory_size import MemorySize, MemorySizeField
from schemas.quantities import Count, Duration, DurationField, Scale

FilePath = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
"""A path, relative to the recipe's folder or to ``--root``."""
Label = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""Name of a column or of an array."""


class Shares(Node):
    """How a sample is divided, stratified by class and by the recipe's seed."""

    train: DurationField = Duration(80, "%")
    """Share that trains."""
    validation: DurationField = Duration(10, "%")
    """Share evaluated after every epoch."""
    test: DurationField = Duration(10, "%")
    """Share evaluated once, at the end."""


class DataBase(Node):
    """What any source has."""

    scale: Scale | Literal["standard"] | None = None
    """Factor for the inputs, such as ``1/255``; ``standard``: zero mean and unit variance by the training part."""
    center: bool = False
    """Subtract each feature's mean over the training part, without dividing by its deviation; ``scale`` acts too."""
    batch_size: Count = 32
    """Examples a step."""
    drop_remainder: bool = False
    """Leave out the examples of an epoch that do not fill a batch; its order is new in every epoch, so that they are
    others each time."""
    resident_limit: MemorySizeField = MemorySize(2, "GiB")
    """Most memory that the examples may take. What fits stays on the device, in an order that is new in every epoch.
    What does not is read as it trains: blocks of the files in an order that is new in every epoch, shuffled in windows
    of an eighth of the limit."""
