"""Windows over a time series of a person's own."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.base import Items, Node, defaults_of
from schemas.batches import Batches
from schemas.column_splits import Word
from schemas.data_base import FilePattern, several
from schemas.quantities import Duration, PartField, Share
from schemas.table_data import ColumnName, Delimiter, NumberMarks

Names = Annotated[Items[ColumnName], Field(min_length=1, max_length=1000)]
Span = Annotated[int, Field(ge=1, le=1_000_000)]


class SeriesColumn(Node):
    """How the numbers of a column reach the model; statistics are those of the training part."""

    missing: Literal["mean", "median", "mode", "constant", "drop"] | None = None
    """What replaces a missing input. ``drop``: windows with such a row are left out. By default a missing value is an
    error."""
    value: Annotated[float, Field(ge=-1e30, le=1e30)] | None = None
    """The value of ``missing: constant``."""
    indicator: bool = False
    """Whether a second input marks missing numbers."""
    scale: Literal["standard", "minmax", "log1p", "none"] | None = None
    """How an input is scaled; by default to mean 0 and variance 1. Targets are predicted as they are."""
    clip: Annotated[Items[Share], Field(min_length=2, max_length=2)] | None = None
    """Shares of the training values, such as ``[0.01, 0.99]``; their quantiles bound an input before it is scaled."""


class TimeShares(Node):
    """How the rows are divided: in the order of time, the first ones train and the last ones test."""

    train: PartField = Duration(80, "%")
    """Share of the rows for training."""
    validation: PartField = Duration(10, "%")
    """Share of the rows evaluated after every epoch."""
    test: PartField = Duration(10, "%")
    """Share of the rows evaluated once, at the end."""


class WindowsData(NumberMarks, Batches):
    """Windows over a time series in CSV or Parquet files, a row for each moment.

    A window is ``length`` rows that the model sees and the ``horizon`` rows right after them, whose targets it
    predicts. All rows of a window are in one part, so that none crosses the border between two parts. The model
    receives numbers of the shape (length, inputs).
    """

    source: Literal["windows"]
    files: FilePattern | Annotated[Items[FilePattern], Field(min_length=1, max_length=1000)]
    """Path or pattern of the files, or a list of them; each file continues the rows of the one before. Paths start from
    the recipe's folder."""
    target: ColumnName | Names
    """Column to predict, or a list of columns. Its past values are inputs too, unless ``inputs`` leaves it out."""
    length: Span
    """Number of rows that the model sees."""
    horizon: Span = 1
    """Number of rows to predict, each with every target."""
    stride: Span = 1
    """Number of rows from the start of one window to the start of the next."""
    inputs: Names | None = None
    """Columns that the model sees. By default all columns of numbers."""
    time: ColumnName | None = None
    """Column of dates or numbers that rise from row to row; it is not an input. By default rows follow one another in
    equal steps."""
    time_format: Annotated[str, StringConstraints(min_length=2, max_length=50)] | None = None
    """Format of times that are not ISO 8601, as for ``strptime``: ``'%d.%m.%Y %H:%M'``."""
    gaps: Literal["fail", "split", "allow"] = "fail"
    """What to do where the time between two rows is not the most frequent one. ``split``: no window crosses such a
    place. ``allow``: steps may differ, as from month to month or from one trading day to the next."""
    columns: Annotated[dict[ColumnName, SeriesColumn], Field(max_length=10_000)] = Field(default={})
    """Options of columns, where the defaults do not fit."""
    splits: TimeShares = Field(default_factory=defaults_of(TimeShares))
    """How rows are divided."""
    missing_values: Annotated[Items[Word], Field(max_length=100)] | None = None
    """What marks a missing value in a file; by default an empty value, NA, N/A, NaN, null and ?."""
    delimiter: Delimiter | None = None
    """Separator of values in a CSV file; by default the most frequent one of comma, semicolon, tab and bar in the
    header."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Columns that are predicted."""
        return several(self.target)

    @property
    def patterns(self) -> tuple[str, ...]:
        """Paths and patterns of the files."""
        return several(self.files)


BY_KIND = {"windows": WindowsData}
