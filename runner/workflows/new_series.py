"""A first recipe for a table that is a time series: windows over its rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from runner.data.cache import cache_folder
from runner.data.tables.columns import Column
from runner.data.tables.store import stored_table
from runner.source.editing.emit import to_flow
from runner.workflows.new_recipe import data_lines, heading
from runner.workflows.new_start import Start
from runner.workflows.new_training import epochs, training

_ROWS = 200
"""Fewest rows of a series of which windows are suggested."""
_REGULAR = 0.95
"""Share of the steps from row to row that are the most frequent one."""
_DAY = 86_400.0


@dataclass(frozen=True)
class Series:
    """What tells that a table is a series.

    Attributes:
        time: column of dates that rises from row to row.
        step: most frequent time from a row to the next, in seconds.
        even: whether all steps are that one.
    """

    time: str
    step: float
    even: bool

    def length(self, rows: int) -> int:
        """Rows that a window sees: a day of short steps, four weeks of days, 24 of longer ones."""
        wanted = 28 if self.step == _DAY else 24
        if self.step < _DAY:
            wanted = int(min(max(_DAY / self.step, 24), 96))
        return max(min(wanted, rows // 40), 2)


def series_of(start: Start) -> Series | None:
    """How a table is a series; None where its rows are better taken one by one.

    It is one if all targets are numbers and a column of dates rises from each row to the next, nearly always by the
    same time.
    """
    if start.task != "regression" or len(start.facts) < _ROWS:
        return None
    table = stored_table(start.facts, cache_folder())
    for column in start.facts.columns:
        if column.type != "date" or column.missing:
            continue
        steps = np.diff(table.column(column.name)) / np.timedelta64(1, "s")
        values, counts = np.unique(steps, return_counts=True)
        most = int(np.argmax(counts))
        if values[0] > 0 and counts[most] >= _REGULAR * len(steps):
            return Series(column.name, float(values[most]), len(values) == 1)
    return None


def written_series(start: Start, series: Series, shown: str, output: str, root: Path | None) -> str:
    """The recipe's text; arguments as of :func:`runner.workflows.new_recipe.written`."""
    what = ", ".join(start.names)
    goal = f"predict the next {what} of a series of {len(start.facts):,} rows, by {series.time}"
    lines = [*heading(goal, start.aim, output, root), *_data(start, series, shown), *_model()]
    return "\n".join([*lines, *training(start.aim, epochs(len(start.facts) // 4)), *start.aim.expected(), ""])


def _data(start: Start, series: Series, shown: str) -> Iterator[str]:
    inputs = [column for column in start.facts.columns if column.type == "number" and column.name not in start.ids]
    yield from data_lines(start, "windows", shown)
    yield f"  time: {to_flow(series.time)}  # it rises from row to row, so that rows are a series, divided by time"
    yield f"  inputs: {to_flow([column.name for column in inputs])}"
    yield f"  length: {series.length(len(start.facts))}  # rows that the model sees"
    yield "  horizon: 1  # rows right after them that it predicts"
    if not series.even:
        yield "  gaps: split  # some steps are not the most frequent one; no window goes across them"
    lacking = [column for column in inputs if column.missing]
    if lacking:
        yield "  columns:"
        yield from (_filled(column, start) for column in lacking)
    yield from ("  splits: {train: 70%, validation: 15%, test: 15%}", *start.aim.target_scale(), "  batch_size: 32", "")


def _filled(column: Column, start: Start) -> str:
    how = "drop" if column.name in start.names else "mean"
    return f"    {to_flow(column.name)}: {{missing: {how}}}  # {column.missing:,} missing"


def _model() -> Iterator[str]:
    yield from ("model:", "  kind: sequential", "  layers:")
    yield "    - {kind: gru, units: 32}  # for long windows a conv1d with strides before it is faster"
