"""The named inputs of a functional model: parts of an example."""

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Items, Node
from schemas.data_base import Label
from schemas.later import is_none

InputName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
"""Name of an input, by which layers take it."""


class NamedInput(Node):
    """A part of each example: some of its columns, or one of the parts along its first axis."""

    columns: Annotated[Items[Label], Field(min_length=1, max_length=10_000)] | None = Field(
        default=None, exclude_if=is_none
    )
    """Columns of a table, or features of a built-in sample, in the order in which the layers get them. A column that
    the table encodes as several numbers brings all of them."""
    index: Annotated[int, Field(ge=0, le=10_000)] | None = Field(default=None, exclude_if=is_none)
    """Index of the part along the first axis of an example, from 0: for pairs of images with the shape (2, 28, 28, 1),
    0 is the first image."""


NamedInputs = Annotated[dict[InputName, NamedInput], Field(max_length=100)]
