"""What is remembered of a column while its rows go by."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from runner.data.tables.column_values import Values, dates, kind_of, numbers
from runner.data.tables.columns import ColumnType
from runner.data.tables.number_form import PLAIN, NumberForm

MOST_WORDS = 10_000
"""Different values that are counted where the type is not given; a column with more is no category."""
_ENOUGH = 100_000
"""Rows after which a column that is mostly words is no longer looked at for numbers."""
_SAMPLE = 100
_IMAGE = r"(?i)\.(jpe?g|png|bmp|gif|webp)$"


@dataclass(frozen=True)
class Place:
    """Where a value that cannot be used lies."""

    file: int
    row: int
    """In the file, from 1."""
    reason: str


@dataclass
class Attempt:
    """How far the values are of one kind."""

    faults: int = 0
    first: Place | None = None

    def add(self, values: Values, file: int, first_row: int) -> None:
        """Count what cannot be used."""
        self.faults += values.faults
        if self.first is None and values.fault is not None:
            self.first = Place(file, first_row + values.fault.row + 1, values.fault.reason)


@dataclass
class Seen:
    """A column so far.

    Args:
        declared: its type, where that is given.
        date_format: of its dates, where that is given.
        form: how its numbers are written.
    """

    declared: ColumnType | None
    date_format: str | None
    form: NumberForm = PLAIN
    rows: int = 0
    missing: int = 0
    kind: str = "text"
    images: int = 0
    number: Attempt = field(default_factory=Attempt)
    date: Attempt = field(default_factory=Attempt)
    words: Counter[str] | None = field(default_factory=Counter)
    low: float = np.inf
    high: float = -np.inf
    whole: bool = True
    counts_rows: bool = True
    sample: tuple[str, ...] = ()
    """The first words, of which it is told what they may be meant to be."""

    @property
    def valid(self) -> int:
        """Rows with a value."""
        return self.rows - self.missing

    def add(self, array: Any, file: int, first_row: int) -> None:
        """Look at a batch, null where a value is missing."""
        valid = len(array) - array.null_count
        if valid or not self.valid:  # a file in which a column has no value may give it any type
            self.kind = kind_of(array.type)
        words = valid  # that are no numbers
        if self.kind in ("text", "number") and self._tried("number", self.number):
            words = self._numbers(numbers(array, self.form), file, first_row)
        else:
            self.number.faults += valid
        if self.kind == "text" and self.declared is None:
            self._look_at_words(array, words, file, first_row)
        elif self.kind in ("text", "date") and self.declared in (None, "date"):
            self.date.add(dates(array, self.date_format), file, first_row)
        if self.kind != "other":
            self._count(array)
        self.rows += len(array)
        self.missing += array.null_count

    def _look_at_words(self, array: Any, words: int, file: int, first_row: int) -> None:
        """Whether they are dates or names of images; a number is neither."""
        if words and not self.sample:
            self.sample = tuple(pc.utf8_trim_whitespace(array.drop_null().slice(0, _SAMPLE)).to_pylist())
        if words and self._tried("date", self.date):
            self.date.add(dates(array), file, first_row)
        else:
            self.date.faults += len(array) - array.null_count
        if words and self.images == self.valid:
            self.images += pc.sum(pc.match_substring_regex(array, _IMAGE)).as_py() or 0

    def _tried(self, kind: ColumnType, attempt: Attempt) -> bool:
        """Whether values are looked at for being of a kind: not when a long beginning was mostly of another."""
        hopeless = self.valid > _ENOUGH and attempt.faults > self.valid / 2
        return self.declared == kind or (self.declared is None and not hopeless)

    def _numbers(self, values: Values, file: int, first_row: int) -> int:
        """Look at numbers; returns how many values are none."""
        self.number.add(values, file, first_row)
        found = values.array.to_numpy(zero_copy_only=False)
        there = found[~np.isnan(found)]
        if len(there) == 0:
            return values.faults
        self.low, self.high = min(self.low, float(there.min())), max(self.high, float(there.max()))
        self.whole = self.whole and bool((there == np.floor(there)).all())
        rising = len(there) == len(found) and bool((found - np.arange(len(found)) == self._first(found)).all())
        self.counts_rows = self.counts_rows and rising
        return values.faults

    def _first(self, found: Any) -> float:
        """What the batch must begin with if the column counts the rows."""
        return float(found[0]) if self.rows == 0 else self.low + self.rows

    def _count(self, array: Any) -> None:
        if self.words is None:
            return
        counted = pc.value_counts(array.drop_null())
        limited = self.declared not in ("category", "binary")
        if not (limited and len(counted) > MOST_WORDS):
            words = counted.field("values").cast(pa.string()).to_pylist()
            self.words.update(dict(zip(words, counted.field("counts").to_pylist(), strict=True)))
        if limited and (len(counted) > MOST_WORDS or len(self.words) > MOST_WORDS):
            self.words = None
