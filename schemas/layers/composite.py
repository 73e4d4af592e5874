"""Layers that stand for others: a block by its name, layers around which the input is added, branches side by side.

Reading a recipe writes them out as the layers that they stand for, so that a recipe that was loaded has none of them.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Items
from schemas.blocks import BlockName, Draft
from schemas.custom import Argument, PlainValue
from schemas.layers.base import LayerBase


class BlockUse(LayerBase):
    """The layers of a block of the model's ``blocks``, once or several times one after another.

    Its layers are called ``USE.LAYER``: a use named ``stage`` brings ``stage.conv2d_1``, and with ``repeat: 2`` it
    brings ``stage.1.conv2d_1`` and ``stage.2.conv2d_1``. A use without a name is called after the block: ``basic_1``,
    ``basic_2``.
    """

    kind: Literal["block"]
    block: BlockName
    """Name of the block in ``model.blocks``."""
    arguments: dict[Argument, PlainValue] = Field(default={})
    """Values of the block's arguments."""
    repeat: Annotated[int, Field(ge=1, le=1000)] = 1
    """How many times the block is repeated, each time with its own weights."""


class Residual(LayerBase):
    """x + F(x): the layers F, whose output is added to their input.

    Both must have one shape; otherwise ``shortcut`` has to bring the input to the shape of the output. Source: He et
    al. 2015, Deep Residual Learning for Image Recognition.
    """

    kind: Literal["residual"]
    layers: Annotated[Items[Draft], Field(min_length=1, max_length=1000)]
    """The layers of F in order; the first takes the input, and so do those whose ``inputs`` name ``input``."""
    shortcut: Annotated[Items[Draft], Field(max_length=1000)] = ()
    """Layers applied to the input before the sum, such as a strided 1 x 1 convolution; by default none."""


class Parallel(LayerBase):
    """Branches that take one input, and whose outputs are merged.

    Source: Szegedy et al. 2014, Going Deeper with Convolutions.
    """

    kind: Literal["parallel"]
    branches: Annotated[Items[Annotated[Items[Draft], Field(max_length=1000)]], Field(min_length=2, max_length=100)]
    """Lists of layers; an empty list passes the input on."""
    merge: Literal["concatenate", "add", "average", "maximum", "minimum", "multiply"] = "concatenate"
    """The layer that merges the outputs; ``concatenate`` does so along the last axis."""


BY_KIND: dict[str, type[LayerBase]] = {"block": BlockUse, "residual": Residual, "parallel": Parallel}
