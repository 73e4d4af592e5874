"""Weights that a model begins with in place of fresh ones: those of a run that has trained before."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.base import Items, Node
from schemas.later import is_none

RunHandle = Annotated[str, StringConstraints(min_length=1, max_length=300)]
LayerPattern = Annotated[str, StringConstraints(pattern=r"^[A-Za-z*][A-Za-z0-9_.*]{0,127}$")]
"""Name of a layer, in which ``*`` stands for any characters."""


class Weights(Node):
    """Layers begin with the weights that the layers of the same names have in a trained run.

    With ``groups`` this is transfer learning: a factor of 0 freezes what was taken.
    """

    run: RunHandle
    """The run: a name or a handle as in `recipe runs`, such as ``digits_base`` for its newest run or
    ``digits_base/20261127-101500-66bf71e2``; or ``./`` and the path of a run's folder beside the recipe. Not part of
    the fingerprint: the weights themselves are."""
    layers: Annotated[Items[LayerPattern], Field(min_length=1, max_length=1000)] | None = Field(
        default=None, exclude_if=is_none
    )
    """Names of the layers that take weights, or patterns such as ``conv*``; by default all layers with weights except
    the output layer. Each must exist in the run under the same name, with weights of the same shapes."""
    which: Literal["last", "best"] = "last"
    """``last``: the run's final model; ``best``: the model of its best epoch."""
