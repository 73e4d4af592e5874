"""What a model takes, and a batch of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.statistics.image_treatment import ImageFit
from runner.data.tables.columns import MISSING
from runner.data.tables.number_form import PLAIN, NumberForm
from runner.errors import InputError
from runner.inference.predictions import Inputs
from schemas.window_data import WindowsData

Array = NDArray[Any]


@dataclass(frozen=True)
class Taken:
    """The input of a model."""

    shape: tuple[int, ...]
    """Of one example."""

    @property
    def is_vector(self) -> bool:
        """Whether an example is a row of numbers."""
        return len(self.shape) == 1

    @property
    def is_image(self) -> bool:
        """Whether an example can be an image file: height, width and 1, 3 or 4 channels."""
        return len(self.shape) == 3 and self.shape[2] in (1, 3, 4)

    @property
    def numbers(self) -> int:
        """Of an example."""
        return math.prod(self.shape)

    def __str__(self) -> str:
        if self.is_vector:
            return f"rows of {self.numbers} number{'s' if self.numbers != 1 else ''}"
        if self.is_image:
            kind = {1: "grey", 3: "RGB", 4: "RGBA"}[self.shape[2]]
            return f"{kind} images of {self.shape[1]} × {self.shape[0]} pixels (width × height)"
        return f"arrays of shape {self.shape}"


@dataclass(frozen=True)
class TakenImages(Taken):
    """Image files that are decoded, turned and brought to the model's size as those of its training were."""

    fit: ImageFit | None
    """What is done where an image's shape is another; None: it is refused."""


@dataclass(frozen=True)
class TakenWindows(Taken):
    """Windows over a time series: arrays of them, or a table whose rows follow one another."""

    columns: tuple[str, ...]
    """Names of the numbers of a row, in the model's order."""
    data: WindowsData
    """What the recipe says of the series."""

    @property
    def length(self) -> int:
        """Rows of a window."""
        return self.shape[0]

    def needs(self, column: str) -> bool:
        """Whether a window without a value of a column is not predicted, because nothing fills it."""
        options = self.data.columns.get(column)
        return options is None or options.missing in (None, "drop")

    def __str__(self) -> str:
        return f"windows of {self.length:,} rows with {', '.join(self.columns)}"


@dataclass(frozen=True)
class TakenPixels:
    """The images of a column, as the model takes them."""

    shape: tuple[int, int, int]
    """Height, width and channels."""
    fit: ImageFit | None
    """What is done where an image's shape is another; None: it is refused."""


@dataclass(frozen=True)
class TakenColumns:
    """Named columns of a table, as they stand in its file."""

    numbers: Mapping[str, bool]
    """Of each column, whether it holds numbers; the others hold words."""
    missing: tuple[str, ...] = MISSING
    """What stands in a text file where a value is missing."""
    needed: frozenset[str] = frozenset()
    """Columns without whose value a row is not predicted: training dropped such rows."""
    delimiter: str | None = None
    """Between the values of a CSV file; None: the header shows it."""
    dates: Mapping[str, str | None] = field(default_factory=dict)
    """Columns of words that are dates, with their formats; None: ISO 8601."""
    form: NumberForm = PLAIN
    """How a text file writes numbers."""
    images: Mapping[str, TakenPixels] = field(default_factory=dict)
    """Columns of words that are paths of images, from the table's folder."""
    id: str | None = None
    """Column that rows go by; None: by their number."""

    def __str__(self) -> str:
        return f"rows of a table with {len(self.numbers):,} named column{'s' if len(self.numbers) != 1 else ''}"


@dataclass(frozen=True)
class TakenTexts:
    """Texts as they are."""

    column: str = "text"
    """Of a table, that holds them."""
    id: str | None = None
    """Column of a table that its rows go by; None: by their number."""

    def __str__(self) -> str:
        return "texts"


Takes = Taken | TakenColumns | TakenTexts


@dataclass(frozen=True)
class Batch:
    """Some examples, with what they go by."""

    ids: list[str]
    x: Inputs
    """As the model takes them: shape ``(b, *shape)`` in float32; the columns of a table, shape ``(b, 1)``, or
    ``(b, height, width, channels)`` of images; or texts, shape ``(b,)``."""
    lacking: Array | None = field(default=None)
    """Examples, shape ``(b,)``, that lack a value without which nothing is predicted; None: none does."""


def going_by(taken: Takes, column: str | None) -> Takes:
    """The same with rows that go by a column; None: by their number.

    Raises:
        InputError: the model takes no tables.
    """
    if column is None:
        return taken
    if isinstance(taken, Taken):
        raise InputError(f"--id: is for models of tables and texts; this one takes {taken}")
    return replace(taken, id=column)


def joined(name: str, row: int, *, only: bool) -> str:
    """What a row goes by: its number, counted from 0, after the file's name where there are several files."""
    return str(row) if only else f"{name}:{row}"


def as_float32(x: Array) -> Array:
    """The model's type; whole numbers beyond 2²⁴ lose their last digits, as they did in training."""
    with np.errstate(over="ignore"):  # to infinity, which is refused
        return np.asarray(x, dtype=np.float32)
