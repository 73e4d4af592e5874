"""A series that is ready to train on: its windows by part, and what was learnt of the rows that train."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import Array
from runner.data.facts import ColumnFacts
from runner.data.series.columns import INPUTS, TIME, SeriesColumns, treatments_of
from runner.data.series.timeline import pieces, season_of
from runner.data.series.windowed import Rolling, WindowedExamples
from runner.data.series.windows import Windows, time_bounds
from runner.data.splits.shares import Indices, Parts
from runner.data.statistics.fit import fit_columns
from runner.data.statistics.number_treatment import FittedNumber, NumberTreatment
from runner.data.tables.store import stored_table
from runner.data.tables.table import Columns, Table
from runner.data.tabular.error_keys import SPLITS, reported_at
from runner.data.tabular.learnt import described, says_nothing
from runner.errors import DataError
from schemas.window_data import WindowsData

_LENGTH = ("data", "length")
PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class PreparedSeries:
    """What the plan found, and training needs.

    Attributes:
        columns: what the table's columns are for.
        windows: length, horizon and stride.
        treatments: of the inputs, by the recipe.
        fitted: what was learnt for them, in their order; inputs that say nothing are not among them.
        bounds: first row of each part, and one past its last.
        parts: first row of each window of each part, rising.
        left_out: windows that lack a value.
        time: name of the column of times; None: there is none.
        season: rows of a day, week or year by their times; None: unknown, or more than a window sees.
    """

    columns: SeriesColumns
    windows: Windows
    treatments: dict[str, NumberTreatment]
    fitted: dict[str, FittedNumber]
    bounds: dict[str, tuple[int, int]]
    parts: Parts
    left_out: int
    time: str | None
    season: int | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the columns that the model receives, in their order."""
        return tuple(self.fitted)

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of what is predicted, step by step; empty where it is one number: ``load+1``, ``price+1``, ``load+2``.

        With a horizon of 1 these are the columns' own names.
        """
        names, horizon = self.columns.targets, self.windows.horizon
        if len(names) * horizon == 1:
            return ()
        return names if horizon == 1 else tuple(f"{name}+{step}" for step in range(1, horizon + 1) for name in names)

    @property
    def width(self) -> int:
        """Numbers that the recipe's first layer receives of a row."""
        return sum(1 + one.indicator for one in self.fitted.values())

    @property
    def size(self) -> int:
        """Bytes of all parts in memory: their rows once, and where each window starts."""
        rows = sum(stop - start for start, stop in self.bounds.values())
        return rows * (len(self.fitted) + len(self.columns.targets)) * 4 + 8 * sum(map(len, self.parts.values()))

    def windowed(self, table: Table, starts: Indices) -> WindowedExamples:
        """Windows whose rows are read into memory, from the first one's first to the last one's last.

        Args:
            table: that has the rows.
            starts: first row of each window, rising, at least one.
        """
        first, last = int(starts[0]), int(starts[-1]) + self.windows.span
        return self.of_rows(table.rows(first, last, self.columns.used), starts - first)

    def of_rows(self, rows: Columns, starts: Indices) -> WindowedExamples:
        """Windows over some rows.

        Args:
            rows: values of the inputs and targets.
            starts: place of each window's first row among them.
        """
        x, y = (_matrix(rows, names) for names in (self.inputs, self.columns.targets))
        count, windows = y.shape[1], self.windows
        offsets = np.arange(windows.length * count, windows.span * count, dtype=np.int64)
        targets = Rolling(y.reshape(-1), starts * count, offsets if len(offsets) > 1 else offsets[0, ...])
        return WindowedExamples(Rolling(x, starts, np.arange(windows.length, dtype=np.int64)), targets)

    def shown(self) -> tuple[ColumnFacts, ...]:
        """The columns, as a plan shows them."""
        return tuple(self._shown(column.name) for column in self.columns.facts.columns)

    def _shown(self, name: str) -> ColumnFacts:
        column, learnt = self.columns.facts.column(name), self.fitted.get(name)
        roles = [*(["target"] if name in self.columns.targets else []), *(["input"] if learnt is not None else [])]
        role = ", ".join(roles) or ("time" if name == self.time else "not used")
        note = column.note if role != "time" else ""
        if learnt is not None:
            note = described(learnt, self.treatments[name])
        elif role == "not used":
            constant = name in self.columns.inputs or column.constant
            note = "one value in the training part" if constant else note or "only numbers can be inputs"
        width = 1 + learnt.indicator if learnt is not None else 0
        return ColumnFacts(name, column.type, role, column.missing, column.distinct, width, note)


def _matrix(rows: Columns, names: tuple[str, ...]) -> Array:
    found = np.empty((len(rows[names[0]]), len(names)), np.float32)
    for place, name in enumerate(names):
        found[:, place] = rows[name]
    return found


def prepared_series(data: WindowsData, columns: SeriesColumns, cache: Path) -> tuple[PreparedSeries, Table]:
    """Divide a series into parts and windows, and learn what the model must know of the rows that train.

    Raises:
        DataError: times, values or shares do not allow what the recipe says.
    """
    table = stored_table(columns.facts, cache)
    treatments = treatments_of(data, columns, table)
    windows = Windows(data.length, data.horizon, data.stride)
    starts, whole = windows_of(data, columns, table, treatments)
    shares = {name: getattr(data.splits, name).value / 100 for name in PARTS}
    with reported_at(SPLITS):
        bounds = time_bounds(len(table), {name: share for name, share in shares.items() if share > 0})
        parts = windows.split(whole, bounds)
    with reported_at(INPUTS):
        fitted = _fitted(table, np.arange(*bounds["train"]), treatments)
    left_out = len(starts) - len(whole)
    season = None if data.time is None else season_of(table.column(data.time), data.length)
    return PreparedSeries(columns, windows, treatments, fitted, bounds, parts, left_out, data.time, season), table


def windows_of(
    data: WindowsData, columns: SeriesColumns, table: Table, treatments: dict[str, NumberTreatment]
) -> tuple[Indices, Indices]:
    """First row of each window of a table, and of each that has all the values that it needs.

    Raises:
        DataError: times do not follow one another as the recipe says, or no window fits.
    """
    windows = Windows(data.length, data.horizon, data.stride)
    with reported_at(_LENGTH):
        starts = windows.of_series(_pieces(data, table))
    return starts, starts[_whole(table, windows, starts, columns, treatments)]


def _pieces(data: WindowsData, table: Table) -> NDArray[np.int64]:
    if data.time is None:
        return np.zeros(len(table), np.int64)
    with reported_at(TIME):
        return pieces(table.column(data.time), data.gaps, table.facts.called)


def _whole(
    table: Table, windows: Windows, starts: Indices, columns: SeriesColumns, treatments: dict[str, NumberTreatment]
) -> NDArray[np.bool_]:
    """Which windows have all that they need: inputs that nothing fills, and every value that is to be predicted."""
    needed = [name for name in columns.inputs if treatments[name].missing == "drop"]
    seen = _lacking(table, needed, starts, windows.length)
    return ~(seen | _lacking(table, list(columns.targets), starts + windows.length, windows.horizon))


def _lacking(table: Table, names: list[str], starts: Indices, rows: int) -> NDArray[np.bool_]:
    """Whether any of so many rows from each start on lacks a value."""
    lacking = np.zeros(len(table), np.int64)
    for name in names:
        if table.facts.column(name).missing:
            lacking |= np.isnan(table.column(name))
    before = np.concatenate([[0], np.cumsum(lacking)])
    found: NDArray[np.bool_] = before[starts + rows] > before[starts]
    return found


def _fitted(table: Table, train: Indices, treatments: dict[str, NumberTreatment]) -> dict[str, FittedNumber]:
    learnt = fit_columns(table, train, treatments)
    fitted = {name: one for name, one in learnt.items() if isinstance(one, FittedNumber) and not says_nothing(one)}
    if not fitted:
        raise DataError("no input has more than one value in the training part; there is nothing to learn from")
    return fitted
