"""How the rows of a file are divided by one of its columns."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.base import Items, Node, defaults_of
from schemas.data_base import Label, Shares
from schemas.later import is_none

Word = Annotated[str, StringConstraints(max_length=1000)]
"""A value of a column, as in the file."""
Words = Annotated[Items[Word], Field(min_length=1, max_length=100)]


class PartWords(Node):
    """What a column says of the rows of each part."""

    train: Words = ("train", "training")
    """Rows that train."""
    validation: Words = ("validation", "valid", "val", "dev")
    """Rows evaluated after every epoch."""
    test: Words = ("test", "testing")
    """Rows evaluated once, at the end."""

    def of(self, part: str) -> tuple[str, ...]:
        """What the column says of the rows of a part; a usual word that another part claims is not of it."""
        words: tuple[str, ...] = getattr(self, part)
        if part in self.model_fields_set:
            return words
        claimed = {word for name in self.model_fields_set for word in getattr(self, name)}
        return tuple(word for word in words if word not in claimed)


def _is_share(value: object) -> bool:
    return value == "share"


def _is_usual(value: object) -> bool:
    return isinstance(value, PartWords) and not value.model_fields_set


class ListedSplits(Shares):
    """How files are divided: by share, or by a column of the CSV file that lists them."""

    by: Literal["share", "time", "group", "id", "column"] = Field(default="share", exclude_if=_is_share)
    """``share``: at random, with every class in its overall share. The others need ``column``, and ``file``. ``time``:
    the first rows by ``column`` train, the last ones test. ``group``: rows with the same value of ``column`` are in one
    part. ``id``: by a hash of ``column``, so that rows which are added move no others. ``column``: as ``column``
    says."""
    column: Label | None = Field(default=None, exclude_if=is_none)
    """Column of the CSV file that divides its rows."""
    words: PartWords = Field(default_factory=defaults_of(PartWords), exclude_if=_is_usual)
    """What the column says of each part, for ``by: column``; a usual word that another part claims is not of a part
    that is left out."""
