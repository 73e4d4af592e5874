"""What any source of data has."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.augment import Augmentations
from schemas.base import Items, Node
from schemas.batches import Batches
from schemas.later import is_empty, is_none, is_zero
from schemas.quantities import Duration, PartField, Scale

FilePath = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
"""A path, relative to the recipe's folder or to ``--root``."""
FilePattern = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
"""A path, or a pattern such as ``part-*.csv``; it starts from the recipe's folder."""
Label = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""Name of a column or of an array."""

Side = Annotated[int, Field(ge=1, le=16384)]
ImageSize = Annotated[Items[Side], Field(min_length=2, max_length=2)]
"""Height and width."""
Fit = Literal["crop", "pad", "stretch"]
"""How an image with other proportions is fitted to a size."""
Color = Literal["grey", "rgb"]
"""Channels of an image."""
Ngrams = Annotated[int, Field(ge=1, le=5)]
"""Most neighbouring words of a text that count together as one."""
Fold = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]?/[1-9][0-9]?$")]
"""Which fold of how many: ``2/5``."""


def fold_numbers(fold: str) -> tuple[int, int]:
    """Which fold, from 1, and of how many.

    >>> fold_numbers("2/5")
    (2, 5)
    """
    which, _, of = fold.partition("/")
    return int(which), int(of)


def fold_bounds(fold: str, n: int) -> tuple[int, int]:
    """First place and end of a fold among ``n`` examples.

    >>> fold_bounds("2/5", 100)
    (20, 40)
    """
    which, of = fold_numbers(fold)
    return round(n * (which - 1) / of), round(n * which / of)


def several(named: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """The names of a key that takes one name or a list of them; none where it is left out.

    >>> several("mpg")
    ('mpg',)
    """
    return () if named is None else (named,) if isinstance(named, str) else named


class Shares(Node):
    """How a sample is divided, stratified by class and by the recipe's seed."""

    train: PartField = Duration(80, "%")
    """Share that trains."""
    validation: PartField = Duration(10, "%")
    """Share evaluated after every epoch."""
    test: PartField = Duration(10, "%")
    """Share evaluated once, at the end."""
    fold: Fold | None = Field(default=None, exclude_if=is_none)
    """``2/5``: the examples outside the test share are divided into 5 folds; the second validates and the others
    train."""

    def sizes(self, total: int) -> tuple[int, int, int]:
        """Training, validation and test examples of a sample of ``total``, by shares in percent.

        >>> Shares(train="70%", validation="15%", test="15%").sizes(1797)
        (1257, 270, 270)
        """
        shares = (self.train.value, self.validation.value, self.test.value)
        train, validation, test = (round(total * share / 100) for share in shares)
        if sum(shares) >= 100:
            train = total - validation - test  # rounding must not ask for one example too many
        if self.fold is None:
            return train, validation, test
        start, stop = fold_bounds(self.fold, train + validation)
        return train + validation - (stop - start), stop - start, test


class DataBase(Batches):
    """What sources have whose inputs are scaled as one."""

    scale: Scale | Literal["standard"] | None = None
    """Factor for the inputs, such as ``1/255``; ``standard``: zero mean and unit variance, with statistics of the
    training part."""
    center: bool = Field(default=False, exclude_if=is_zero)
    """Subtract each feature's mean over the training part, without dividing by its deviation; ``scale`` acts too."""
    augment: Augmentations = Field(default=(), exclude_if=is_empty)
    """Random changes of the training images, applied in this order. Validation and test images stay as they are, and so
    do the inputs of the saved model."""
