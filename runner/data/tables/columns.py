"""What a column of a table is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from runner.data.files import FileFacts, content_hash
from runner.data.tables.number_form import PLAIN, NumberForm
from runner.diagnostics.spelling import suggest
from runner.errors import DataError

ColumnType = Literal["number", "category", "binary", "text", "date", "image", "ignore"]
"""``image``: paths of image files. ``binary``: two values. ``ignore``: not read."""
MISSING = ("", "?", "#N/A", "N/A", "NA", "NAN", "NULL", "NaN", "n/a", "nan", "null")
"""What stands in a text file where a value is missing, with or without blanks around it."""
_LISTED = 20


@dataclass(frozen=True)
class TableOptions:
    """How a table is read.

    Attributes:
        types: of columns that are not left to be inferred.
        missing: what stands where a value is missing.
        date_formats: of date columns that are not ISO 8601, as ``strptime`` writes them: ``%d.%m.%Y``.
        delimiter: between the values of a CSV file; None: it is found in the header.
        numbers: how a text file writes numbers.
    """

    types: Mapping[str, ColumnType] = field(default_factory=dict)
    missing: tuple[str, ...] = MISSING
    date_formats: Mapping[str, str] = field(default_factory=dict)
    delimiter: str | None = None
    numbers: NumberForm = PLAIN


@dataclass(frozen=True)
class Column:
    """A column, after every row was looked at once.

    Attributes:
        name: in the header, without blanks around it.
        type: declared, or inferred.
        missing: rows without a value.
        distinct: number of values that differ; None: more than were counted.
        words: values of a category or binary column, sorted.
        storage: type of what is kept, as Arrow names it.
        note: why it is of this type, where that is not plain.
        declared: whether the type was given.
        hint: how its words could be numbers or dates, such as ``these are numbers with `decimal: ','` ``; empty:
            not at all.
    """

    name: str
    type: ColumnType
    missing: int
    distinct: int | None
    words: tuple[str, ...] = ()
    storage: str = ""
    note: str = ""
    declared: bool = False
    hint: str = ""

    @property
    def constant(self) -> bool:
        """Whether it has a single value, so that nothing can be learnt from it."""
        return self.distinct is not None and self.distinct <= 1


@dataclass(frozen=True)
class TableFacts:
    """What is known of a table without keeping it.

    Attributes:
        files: that hold it, one after another.
        rows: of each file.
        columns: in the header's order.
        options: how it was read.
    """

    files: tuple[FileFacts, ...]
    rows: tuple[int, ...]
    columns: tuple[Column, ...]
    options: TableOptions

    def __len__(self) -> int:
        return sum(self.rows)

    @property
    def sha256(self) -> str:
        """Of what the files hold."""
        return content_hash(self.files)

    def called(self, position: int) -> str:
        """Such as ``cars.csv: row 7``, counted from 1 in its file, of a row by its place in the table."""
        for file, rows in zip(self.files, self.rows, strict=True):
            if position < rows:
                return f"{file.path.name}: row {position + 1:,}"
            position -= rows
        raise IndexError(f"the table has {len(self):,} rows")

    def column(self, name: str) -> Column:
        """The column of a name.

        Raises:
            DataError: there is none; it says which there are.
        """
        by_name = {column.name: column for column in self.columns}
        check_columns([name], by_name, self.files[0].path.name)
        return by_name[name]


def check_columns(wanted: Iterable[str], there: Iterable[str], file: str) -> None:
    """Whether all wanted columns are there.

    Raises:
        DataError: one is not; it says which there are.
    """
    names = list(there)
    for name in wanted:
        if name in names:
            continue
        listed = ", ".join(repr(known) for known in names[:_LISTED])
        more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
        meant = suggest(name, names)
        help = [f"did you mean {meant!r}?"] if meant else []
        raise DataError(f"column {name!r} not found in {file}; it has {listed}{more}", *help)
