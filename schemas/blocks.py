"""Blocks: named sub-models with arguments, which a model uses as layers."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from schemas.base import Items, Node
from schemas.custom import Argument, PlainValue

BlockName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
"""Name of a block."""
Draft = dict[str, Any]
"""A layer whose keys are checked where it is used, when arguments have their values."""


class Block(Node):
    """Layers by one name, with arguments: ``{kind: block, block: NAME, arguments: {filters: 32}}`` stands for them.

    In its layers, ``$filters`` as the whole value of a key stands for the value of the argument ``filters``. ``input``
    among the ``inputs`` of a layer is the input of the block; other names are those of layers in the block.
    """

    arguments: Annotated[dict[Argument, PlainValue | None], Field(max_length=100)] = Field(default={})
    """Its arguments and their defaults; null if each use must give the value."""
    layers: Annotated[Items[Draft], Field(min_length=1, max_length=1000)]
    """Its layers in order; the last one gives the output."""


Blocks = Annotated[dict[BlockName, Block], Field(max_length=100)]
"""Blocks by their names."""
