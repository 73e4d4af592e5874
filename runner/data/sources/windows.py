"""``source: windows``: windows over a time series in CSV or Parquet files."""

import hashlib
from collections.abc import Callable, Iterator

from runner.data.access import DataAccess
from runner.data.cache import cache_folder
from runner.data.examples import Dataset, Examples, Split
from runner.data.facts import DataFacts
from runner.data.paths import named_files
from runner.data.placement import Placement, Window
from runner.data.series.columns import series_columns
from runner.data.series.prepared import PARTS, PreparedSeries, prepared_series
from runner.data.series.streamed import StreamedWindows
from runner.data.series.windowed import WINDOWS, WindowedExamples
from runner.data.splits.shares import Indices
from runner.data.streaming.block_order import Range, WindowOrder
from runner.data.tables.store import stored_table
from runner.data.tables.table import Table
from runner.data.tabular.error_keys import FILES, reported_at
from runner.text import printable
from schemas.window_data import WindowsData

_IN_FILE_ORDER = Window(1024, 1)


class WindowsSource:
    """A series in the order of its rows.

    Args:
        data: of the recipe.
        access: knows the recipe's folder.
    """

    def __init__(self, data: WindowsData, access: DataAccess) -> None:
        self.data, self.access = data, access

    def facts(self, report: Callable[[str], None]) -> DataFacts:
        """Look at every row once, or find what was seen of the same content before.

        Raises:
            DataError: a file, a row, a time or a column cannot be used as the recipe says; it names the place.
        """
        paths = named_files(self.data.patterns, self.access, FILES)
        name = printable(paths[0].name if len(paths) == 1 else f"{paths[0].name} and {len(paths) - 1:,} more")
        columns = series_columns(self.data, paths)
        prepared, _ = prepared_series(self.data, columns, cache_folder())
        if prepared.left_out:
            report(f"{name}: {prepared.left_out:,} windows that lack a value are left out")
        train, validation, test = (len(prepared.parts.get(part, ())) for part in PARTS)
        digest, windows = columns.facts.sha256, prepared.windows
        return DataFacts(
            "windows",
            name,
            digest[:12],
            train,
            validation,
            test,
            (windows.length, len(prepared.inputs)),
            None,
            sha256=digest,
            columns=prepared.shown(),
            encoded=(windows.length, prepared.width),
            remarks=(("windows", _described(prepared)),),
            targets=prepared.targets,
            shared=prepared.size,
            details=prepared,
        )

    def load(self, facts: DataFacts, placement: Placement, seed: int) -> Dataset:
        """The windows of every part, over rows in memory or read from the stored table as they train.

        Raises:
            DataError: a file has changed since the plan was made.
        """
        prepared = facts.details
        assert isinstance(prepared, PreparedSeries)
        with reported_at(FILES):
            table = stored_table(prepared.columns.facts, cache_folder())

        def part(name: str, *, streamed: bool) -> Split | None:
            starts = prepared.parts.get(name)
            if starts is None:
                return None
            if not streamed:
                return prepared.windowed(table, starts)
            identity = hashlib.sha256(f"{facts.identity} {_described(prepared)} {name}".encode()).hexdigest()
            return _streamed(prepared, table, starts, facts, placement.window or _IN_FILE_ORDER, identity)

        train = part("train", streamed=placement.window is not None)
        assert train is not None
        later = not placement.evaluation
        return Dataset(train, part("validation", streamed=later), part("test", streamed=later))


def _described(prepared: PreparedSeries) -> str:
    """Such as ``24 rows seen and 1 predicted, every 1 row; rows 1 to 800 train, 801 to 900 validate``."""
    windows = prepared.windows
    verbs = {"train": "train", "validation": "validate", "test": "test"}
    parts = [f"{start + 1:,} to {stop:,} {verbs[name]}" for name, (start, stop) in prepared.bounds.items()]
    step = "every row" if windows.stride == 1 else f"every {windows.stride:,} rows"
    return f"{windows.length:,} rows seen, {windows.horizon:,} predicted, one {step}; rows {', '.join(parts)}"


def _streamed(
    prepared: PreparedSeries, table: Table, starts: Indices, facts: DataFacts, window: Window, identity: str
) -> StreamedWindows:
    def read(ranges: Iterator[Range]) -> Iterator[Examples]:
        return (prepared.windowed(table, starts[start:stop]).apart() for start, stop in ranges)

    def windows() -> Iterator[WindowedExamples]:
        return (prepared.windowed(table, starts[k : k + WINDOWS]) for k in range(0, len(starts), WINDOWS))

    one = prepared.windowed(table, starts[:1]).apart()
    order = WindowOrder(len(starts), window.block, window.blocks)
    return StreamedWindows(
        order,
        read,
        facts.shape,
        one.x.dtype,
        one.y.dtype,
        identity,
        one.y.shape[1:],
        read_targets=lambda: (part.y for part in windows()),
        read_windows=windows,
    )
