"""Windows over the rows of a CSV or Parquet file, for a run that a time series trained."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from runner.data.cache import cache_folder
from runner.data.series.columns import series_columns
from runner.data.series.prepared import PreparedSeries, windows_of
from runner.data.series.timeline import pieces
from runner.data.series.windowed import WindowedExamples
from runner.data.tables.store import stored_table
from runner.data.tables.table import Table
from runner.errors import DataError, InputError
from runner.inference.inputs.taken import Array, Batch, TakenWindows, as_float32, joined
from schemas.window_data import WindowsData


def series_batches(path: Path, name: str, taken: TakenWindows, size: int, *, only: bool) -> Iterator[Batch]:
    """Every window of the rows that the model sees, ``size`` at a time: also the last, whose future is not known.

    A window goes by the number, from 0, of the first row that is predicted, the row right after it.

    Args:
        path: of the file.
        name: as the person calls it.
        taken: the columns, and what the recipe says of the series.
        size: most windows of a batch.
        only: whether it is the only input, so that a row goes by its number alone.

    Raises:
        InputError: a column is not there, a value is none, times do not follow one another as the recipe says, or there
            are fewer rows than a window has.
    """
    table, series = _opened(path, taken.data, taken.columns)
    starts = _starts(series, taken.length)
    if not len(starts):
        raise InputError(f"{name} has {len(table):,} rows; the model sees {taken.length:,} that follow one another")
    for first in range(0, len(starts), size):
        some = starts[first : first + size]
        rows = table.rows(int(some[0]), int(some[-1]) + taken.length, taken.columns)
        values = as_float32(np.stack([rows[column] for column in taken.columns], axis=1))
        x = values[(some - some[0])[:, None] + np.arange(taken.length)]
        needed = [place for place, column in enumerate(taken.columns) if taken.needs(column)]
        ids = [joined(name, int(start) + taken.length, only=only) for start in some]
        yield Batch(ids, x, np.isnan(x[:, :, needed]).any(axis=(1, 2)) if needed else None)


def read_labelled_series(
    path: Path, data: WindowsData, prepared: PreparedSeries, note: Callable[[str], None]
) -> WindowedExamples:
    """Windows and what they predict, as training takes them.

    Args:
        path: CSV or Parquet file with the recipe's columns.
        data: of the recipe.
        prepared: what training has found.
        note: hears of windows that are left out.

    Raises:
        InputError: as of :func:`series_batches`.
    """
    try:
        asked = data.model_copy(update={"inputs": prepared.columns.inputs})
        columns = series_columns(asked, [path])
        table = stored_table(columns.facts, cache_folder())
        starts, whole = windows_of(asked, columns, table, prepared.treatments)
    except DataError as error:
        raise InputError(str(error), *error.help) from error
    if len(whole) < len(starts):
        note(f"{path.name}: {len(starts) - len(whole):,} windows that lack a value are left out")
    if not len(whole):
        raise InputError(f"{path.name} has no window with all its values")
    return prepared.windowed(table, whole)


def _opened(path: Path, data: WindowsData, names: tuple[str, ...]) -> tuple[Table, Array]:
    """The table, and for each row the number of the piece without a gap that it is in."""
    columns = {name: options for name, options in data.columns.items() if name in names}
    asked = data.model_copy(update={"inputs": names, "target": names[0], "columns": columns})
    try:
        found = series_columns(asked, [path])
        table = stored_table(found.facts, cache_folder())
        if data.time is None:
            return table, np.zeros(len(table), np.int64)
        return table, pieces(table.column(data.time), data.gaps, table.facts.called)
    except DataError as error:
        raise InputError(str(error), *error.help) from error


def _starts(series: Array, length: int) -> Array:
    """First row of each window that lies in one piece."""
    last = np.arange(length - 1, len(series))
    first: Array = last - length + 1
    whole: Array = first[series[first] == series[last]]
    return whole
