"""Tables of a person's own: CSV and Parquet files."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.base import Items, Node, defaults_of
from schemas.batches import Batches
from schemas.column_splits import PartWords, Word
from schemas.data_base import Color, FilePattern, Fit, Fold, ImageSize, Ngrams, several
from schemas.later import is_none
from schemas.quantities import Count, Duration, PartField, Share
from schemas.tagged import by_tag

ColumnName = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")]
"""A column's name, as in the header."""
Delimiter = Annotated[str, StringConstraints(pattern=r"^[\t!-~]$")]
"""What stands between the values of a CSV file."""
DatePart = Literal["year", "month", "day", "weekday", "yearday", "hour", "minute", "days"]
"""A number of a date: the weekday is 1 on Monday and 7 on Sunday, ``yearday`` is 1 on 1 January, ``days`` are whole
days since 1 January 1970. A time zone in the file is taken into account: the parts are those of UTC."""
CyclicPart = Literal["month", "day", "weekday", "yearday", "hour", "minute"]
"""A part of a date after whose last value the first one comes."""


class ColumnOptions(Node):
    """How a column is read and what the model gets of it; what is left out is inferred, and `recipe plan` shows it."""

    type: Literal["number", "category", "binary", "text", "date", "image", "ignore"] | None = None
    """Type of the values. A date column is an input if it has ``parts`` or ``cyclic``, a text column if it has
    ``output``; ``image``: paths of image files, which start from the folder of the table's file; ``ignore``: the
    column is not read."""
    missing: Literal["own", "mean", "median", "mode", "constant", "drop"] | None = None
    """What replaces a missing value, with statistics of the training part: by default the mean for a number, a place of
    its own for a category. ``drop``: rows without a value are not used."""
    value: Annotated[float, Field(ge=-1e30, le=1e30)] | Word | None = None
    """The value of ``missing: constant``."""
    indicator: bool = False
    """Whether a second input marks missing numbers."""
    scale: Literal["standard", "minmax", "log1p", "none"] | None = None
    """How numbers are scaled, with statistics of the training part; by default to mean 0 and variance 1. Pixels of
    images are divided by 255; ``none`` leaves them from 0 to 255, as applications take them."""
    clip: Annotated[Items[Share], Field(min_length=2, max_length=2)] | None = None
    """Shares of the training values, such as ``[0.01, 0.99]``; their quantiles bound a number before it is scaled."""
    at_least: Count = 1
    """How often a category must occur in the training part to get its own place; rarer ones share the place of unseen
    ones."""
    at_most: Count | None = None
    """Largest number of categories with their own place; the most frequent ones are kept."""
    embed: Annotated[int, Field(ge=1, le=4096)] | Literal["auto"] | None = Field(default=None, exclude_if=is_none)
    """Length of the trained vector that represents a category, in place of one-hot. ``auto``: half the number of
    places, at most 50. Rare and unseen categories share a vector."""
    format: Annotated[str, StringConstraints(min_length=2, max_length=50)] | None = None
    """Format of dates that are not ISO 8601, as for ``strptime``: ``'%d.%m.%Y'``."""
    parts: Annotated[Items[DatePart], Field(min_length=1, max_length=8)] | None = Field(
        default=None, exclude_if=is_none
    )
    """Numbers of a date that are inputs, each scaled like a column of numbers: ``[year, month, weekday]``. They make
    the column a date column."""
    cyclic: Annotated[Items[CyclicPart], Field(min_length=1, max_length=6)] | None = Field(
        default=None, exclude_if=is_none
    )
    """Numbers of a date that become two inputs each, sin and cos of 2π · (part − first)/period, so that December is
    next to January; for a missing date both are 0. The periods are 12 months, 31 days, 7 weekdays, 365.25 yeardays, 24
    hours and 60 minutes."""

    output: Literal["int", "multi_hot", "tf_idf"] | None = Field(default=None, exclude_if=is_none)
    """What the model receives for a text; this makes the column a text column. ``multi_hot``: whether each word of the
    vocabulary occurs. ``tf_idf``: how often it occurs, times log(1 + texts/(1 + texts with the word)). ``int``: the
    numbers of the words in order, for an embedding; the column is then the only input."""
    vocabulary: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(default=None, exclude_if=is_none)
    """Largest number of words that the model knows: the most frequent ones in the training part, ties in alphabetical
    order. By default 1,000, or 20,000 for ``output: int``."""
    length: Annotated[int, Field(ge=1, le=100_000)] | None = Field(default=None, exclude_if=is_none)
    """Number of words per text, for ``output: int``: longer texts are cut, shorter ones are padded with zeros."""
    ngrams: Ngrams | None = Field(default=None, exclude_if=is_none)
    """Largest number of neighbouring words that form one term: ``2`` adds pairs to the words."""
    size: ImageSize | None = Field(default=None, exclude_if=is_none)
    """Height and width of images, as the model sees them; this makes the column an image column. By default all images
    of the column must have the same size."""
    fit: Fit | None = Field(default=None, exclude_if=is_none)
    """How an image with other proportions is fitted: by cropping (default), by black bars, or by distortion."""
    color: Color | None = Field(default=None, exclude_if=is_none)
    """Channels of images. By default grey if no image of the column has colors."""

    @property
    def is_image(self) -> bool:
        """Whether the column holds paths of images whose pixels are inputs: it says so, or how they are fitted."""
        fitted = (self.size, self.fit, self.color) != (None, None, None)
        return self.type == "image" or (self.type is None and fitted)

    @property
    def is_date_input(self) -> bool:
        """Whether it says what the model gets of a date."""
        return self.parts is not None or self.cyclic is not None


class TableSplits(Node):
    """How rows are divided."""

    by: Literal["share", "time", "group", "id", "column", "file"] = "share"
    """``share``: at random, stratified by class. ``time``: the first rows by ``column`` train, the last ones test.
    ``group``: rows with the same value of ``column`` stay in one part. ``id``: by a hash of ``column``, so that added
    rows do not move others. ``column``: by the words in ``column``. ``file``: by the beginning of the name of a row's
    file or folder: ``train-00000.parquet``, ``test/data.arrow``."""
    column: ColumnName | None = None
    """The column that divides the rows; it is not an input of the model."""
    train: PartField = Duration(80, "%")
    """Share that trains."""
    validation: PartField = Duration(10, "%")
    """Share evaluated after every epoch."""
    test: PartField = Duration(10, "%")
    """Share evaluated once, at the end."""
    fold: Fold | None = Field(default=None, exclude_if=is_none)
    """``2/5``: the rows outside the test part are divided into 5 folds; the second validates and the others train; by
    share or by group."""
    words: PartWords = Field(default_factory=defaults_of(PartWords))
    """The words for each part in the column or file name, for ``by: column`` and ``by: file``. A default word that
    another part lists is removed from its own part."""


class TableData(Batches):
    """What all tables have."""

    files: FilePattern | Annotated[Items[FilePattern], Field(min_length=1, max_length=1000)]
    """Path or pattern of the files, or a list of them; they have the same columns, and start from the recipe's
    folder."""
    target: ColumnName | Annotated[Items[ColumnName], Field(min_length=1, max_length=1000)]
    """Column to predict, or a list of columns: the numbers of a regression, or the labels of ``task: multi_label``,
    each 0 or 1, no or yes, false or true."""
    weight: ColumnName | None = Field(default=None, exclude_if=is_none)
    """Column with a weight for each row, 0 or more; it is not an input. The loss of a batch is Σ wᵢ · lossᵢ / rows, as
    in Keras, in training, validation and test; metrics are not weighted."""
    columns: Annotated[dict[ColumnName, ColumnOptions], Field(max_length=10_000)] = Field(default={})
    """Options of columns, where they should not be inferred."""
    splits: TableSplits = Field(default_factory=defaults_of(TableSplits))
    """How rows are divided."""
    missing_values: Annotated[Items[Word], Field(max_length=100)] | None = None
    """What marks a missing value in a file; by default an empty value, NA, N/A, NaN, null and ?."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Columns that are predicted."""
        return several(self.target)

    @property
    def image_columns(self) -> tuple[str, ...]:
        """Columns whose images are inputs."""
        return tuple(name for name, column in self.columns.items() if column.is_image)

    @property
    def patterns(self) -> tuple[str, ...]:
        """Paths and patterns of the files."""
        return several(self.files)


def is_point(mark: object) -> bool:
    """Whether a mark is the usual one."""
    return mark == "."


class NumberMarks(Node):
    """What numbers of a text file hold besides digits."""

    decimal: Literal[".", ","] = Field(default=".", exclude_if=is_point)
    """Decimal separator: ``','`` reads 3,5."""
    thousands: Literal[".", ",", " ", "'"] | None = Field(default=None, exclude_if=is_none)
    """Thousands separator: with ``decimal: ','`` and ``thousands: '.'``, 1.234,56 is a number. By default there is
    none."""


class CsvData(NumberMarks, TableData):
    """CSV files with a header."""

    source: Literal["csv"]
    delimiter: Delimiter | None = None
    """Separator of values; by default the most frequent one of comma, semicolon, tab and bar in the header."""


class ParquetData(TableData):
    """Parquet files, or Arrow files as Hugging Face's ``save_to_disk`` writes them, with their own names of classes."""

    source: Literal["parquet"]


BY_KIND = by_tag(CsvData | ParquetData, "source")
