"""``source: csv`` and ``source: parquet``: a table of a person's own."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from runner.data.access import DataAccess
from runner.data.cache import cache_folder
from runner.data.examples import Array, Dataset, Examples, Split
from runner.data.facts import DataFacts
from runner.data.paths import named_files
from runner.data.placement import Placement
from runner.data.sources.image_columns import beside_pixels, with_pixels
from runner.data.splits.shares import Indices
from runner.data.streaming.block_order import Range, StreamedSplit, WindowOrder
from runner.data.tables.columns import TableFacts, TableOptions
from runner.data.tables.source import ARROW, PARQUET, TableFiles
from runner.data.tables.store import stored_table
from runner.data.tables.table import Table
from runner.data.tabular.error_keys import FILES, TARGET, reported_at
from runner.data.tabular.known import known_facts
from runner.data.tabular.learnt import images_of, places_of
from runner.data.tabular.prepared import PreparedTable, prepared_table
from runner.data.tabular.roles import Task, open_options, table_options
from runner.data.tabular.worded import require_words
from runner.errors import DataError
from runner.text import printable
from schemas.table_data import CsvData, ParquetData

_BLOCK = 1 << 16
"""Rows that are turned into examples at a time."""


class TableSource:
    """CSV or Parquet files with a target column, or several.

    Args:
        data: of the recipe.
        access: knows the recipe's folder.
        task: of the recipe.
        seed: of the recipe.
        masked: whether a layer hides where a sequence of words has none.
        tasks: for ``multi_output`` the task of each target.
    """

    def __init__(
        self,
        data: CsvData | ParquetData,
        access: DataAccess,
        task: Task,
        seed: int,
        *,
        masked: bool = False,
        tasks: Mapping[str, str] | None = None,
    ) -> None:
        self.masked, self.tasks = masked, tasks
        self.data, self.access, self.task, self.seed = data, access, task, seed

    def facts(self, report: Callable[[str], None]) -> DataFacts:
        """Look at every row once, or find what was seen of the same content before.

        Raises:
            DataError: a file, a row or a column cannot be used as the recipe says; it names the place.
        """
        paths = named_files(self.data.patterns, self.access, FILES)
        name = printable(paths[0].name if len(paths) == 1 else f"{paths[0].name} and {len(paths) - 1:,} more")
        self._check_formats([path.suffix.lower() for path in paths])
        with reported_at(FILES):
            files = TableFiles(paths, open_options(self.data))
            options = table_options(self.data, self.task, files, paths[0].name, self.tasks)
            table = self._known(paths, options)
            prepared, stored = prepared_table(self.data, table, self.task, self.seed, cache_folder(), self.tasks)
            if self.masked:
                require_words(prepared, stored)
        _report(prepared, name, report)
        return facts_of(prepared, self.data.source, name)

    def _known(self, paths: list[Path], options: TableOptions) -> TableFacts:
        try:
            return known_facts(paths, options, cache_folder())
        except DataError as error:
            inferred = [name for name in self.data.targets if name not in self.data.columns]
            words = "is not a number" in str(error)
            if self.task == "regression" and words and any(f"column {name!r}" in str(error) for name in inferred):
                raise DataError(
                    str(error), "`task: classification` takes words as classes", *error.help, path=TARGET
                ) from error
            raise

    def _check_formats(self, endings: list[str]) -> None:
        """Files of the other format are read by the other source."""
        parquet = [ending in (*PARQUET, *ARROW) for ending in endings]
        if self.data.source == "csv" and any(parquet):
            raise DataError("a Parquet file is not a CSV file", "write `source: parquet`", path=("data", "source"))
        if self.data.source == "parquet" and not all(parquet):
            message = "the name of a Parquet file ends in .parquet or .pq, that of an Arrow file in .arrow"
            raise DataError(message, "rename it, or write `source: csv`", path=FILES)

    def load(self, facts: DataFacts, placement: Placement, seed: int) -> Dataset:
        """The examples of every part, in memory or read from the stored table as they train.

        Raises:
            DataError: a file has changed since the plan was made.
        """
        assert isinstance(facts.details, PreparedTable)
        with reported_at(FILES):
            return loaded_table(facts.details, placement)


def facts_of(prepared: PreparedTable, source: str, name: str) -> DataFacts:
    """The facts of a table.

    Args:
        prepared: the table.
        source: kind of the recipe's data.
        name: of the data, as a plan shows it.
    """
    sizes = {part: len(rows) for part, rows in prepared.parts.items()}
    digest = _content(prepared)
    stored, pixels = len(prepared.stored), prepared.pixels
    facts = DataFacts(
        source,
        name,
        digest[:12],
        sizes["train"],
        sizes.get("validation", 0),
        sizes.get("test", 0),
        (stored + pixels,),
        len(prepared.target.classes) or None,
        class_names=prepared.target.classes,
        sha256=digest,
        columns=prepared.shown(),
        encoded=(prepared.width,),
        features=places_of(prepared.fitted),
        images=images_of(prepared.fitted),
        vocabulary=prepared.vocabulary,
        details=prepared,
        weighted=prepared.weight is not None,
        targets=prepared.target.several,
        target_classes=prepared.target.classes_of or None,
        labels=prepared.target.labels,
    )
    if not pixels:
        return facts
    row = facts.bytes_per_example - 3 * pixels  # a byte in memory, a float32 where it is read as it trains
    return replace(facts, shared=row * sum(sizes.values()))


def _content(prepared: PreparedTable) -> str:
    """SHA-256 of the files of the table and of its images."""
    images = [image.sha256 for image in prepared.images]
    return (
        hashlib.sha256("\0".join([prepared.facts.sha256, *images]).encode()).hexdigest()
        if images
        else prepared.facts.sha256
    )


def loaded_table(prepared: PreparedTable, placement: Placement) -> Dataset:
    """The examples of every part of a table, in memory or read from where it is stored.

    Raises:
        DataError: a file has changed since the plan was made.
    """
    table = stored_table(prepared.facts, cache_folder())

    def part(name: str, *, streamed: bool) -> Split | None:
        rows = prepared.parts.get(name)
        if rows is None:
            return None
        return _streamed(prepared, table, rows, placement) if streamed else _collected(prepared, table, rows)

    train = part("train", streamed=placement.window is not None)
    assert train is not None
    later = not placement.evaluation
    return Dataset(train, part("validation", streamed=later), part("test", streamed=later))


def _report(prepared: PreparedTable, name: str, report: Callable[[str], None]) -> None:
    if prepared.unlabelled:
        report(f"{name}: {prepared.unlabelled:,} rows without a target are not used")
    if prepared.dropped:
        report(f"{name}: {prepared.dropped:,} rows are dropped, as `missing: drop` says")


def _collected(prepared: PreparedTable, table: Table, rows: Indices) -> Split:
    """A part in memory, filled a block at a time: float64 values of the whole table never are."""
    x = np.empty((len(rows), len(prepared.stored)), np.float32)
    y = np.empty((len(rows), *_shape(prepared)), prepared.target.dtype)
    whole = Examples(x, y, None if prepared.weight is None else np.empty(len(rows), np.float32))
    for start in range(0, len(rows), _BLOCK):
        whole.put(start, prepared.examples(table.take(rows[start : start + _BLOCK], prepared.read)))
    return with_pixels(prepared, rows, whole) if prepared.images else whole


def _shape(prepared: PreparedTable) -> tuple[int, ...]:
    """Of one target."""
    several = len(prepared.target.several)
    return (several,) if several else ()


def _streamed(prepared: PreparedTable, table: Table, rows: Indices, placement: Placement) -> StreamedSplit:
    assert placement.window is not None

    def numbers(blocks: Iterator[Indices]) -> Iterator[Examples]:
        return (prepared.examples(table.take(block, prepared.read)) for block in blocks)

    def read(ranges: Iterator[Range]) -> Iterator[Examples]:
        blocks = (rows[start:stop] for start, stop in ranges)
        return beside_pixels(prepared, blocks, numbers) if prepared.images else numbers(blocks)

    def targets() -> Iterator[Array]:
        for start in range(0, len(rows), _BLOCK):
            yield prepared.target.values(table.take(rows[start : start + _BLOCK], prepared.target.names))

    return StreamedSplit(
        WindowOrder(len(rows), placement.window.block, placement.window.blocks),
        read,
        (len(prepared.stored) + prepared.pixels,),
        np.dtype(np.float32),
        prepared.target.dtype,
        _identity(prepared, rows),
        target_shape=_shape(prepared),
        weighted=prepared.weight is not None,
        read_targets=targets,
    )


def _identity(prepared: PreparedTable, rows: Indices) -> str:
    """What a part is, without reading it: the files' content, the rows, and what was learnt of the columns."""
    digest = hashlib.sha256(prepared.facts.sha256.encode())
    digest.update(np.ascontiguousarray(rows).data.cast("B"))
    digest.update(repr((prepared.fitted, prepared.target.classes)).encode())
    more = ([prepared.weight] if prepared.weight is not None else [], *prepared.target.several)
    digest.update(repr(more).encode() if any(more) else b"")
    digest.update(repr(prepared.target.classes_of).encode() if prepared.target.classes_of else b"")
    return digest.hexdigest()
