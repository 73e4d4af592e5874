"""Layers that stand for others, and the key of a model that defines blocks of them."""

from typing import TYPE_CHECKING

from pydantic import Field

from schemas.base import Node
from schemas.deferred import deferred
from schemas.later import is_empty

if TYPE_CHECKING:
    from schemas.blocks import Blocks
else:
    Blocks = deferred("schemas.blocks:Blocks")

COMPOSITES = ("block", "residual", "parallel")
"""Kinds of layers that stand for others."""


class HasBlocks(Node):
    """The key of a model that defines blocks."""

    blocks: Blocks = Field(default={}, exclude_if=is_empty)
    """Named sub-models with arguments, for layers of the kind ``block``. In their layers, ``$filters`` as the whole
    value of a key stands for the argument ``filters``."""
