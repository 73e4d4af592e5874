"""The executed schedule: the values of the optimizer's variables and the loss at every optimizer step.

Rows are read from the events file and written one at a time: a run of a million steps needs only the memory of one
compiled call.
"""

import csv
import math
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, islice, repeat
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TextIO, TypeVar

from runner.errors import EventsCorrupt
from runner.events import PhaseRow, RunStarted, Steps
from runner.record.events_file import corrupt, event_of, numbered_events, whole_lines
from runner.record.history_forms import Cell, as_json, as_table
from runner.record.single_steps import single_step
from runner.text import csv_cell

if TYPE_CHECKING:
    from rich.table import Table

_TABLE_ROWS = 40
Row = TypeVar("Row")


class HistoryRow(NamedTuple):
    """One optimizer step; numbers are float32 in their shortest form, as in the events."""

    step: int
    """0-based."""
    epoch: int
    """1-based, as displayed."""
    phase: str
    learning_rate: float
    momentum: float | None
    """None if the optimizer has none."""
    loss: float
    weight_decay: float | None = None
    """None if the schedule does not drive it."""
    driven: Mapping[str, float] = MappingProxyType({})
    """What else curves drive, by name."""


def history_rows(path: Path) -> Iterator[HistoryRow]:
    """Yield the steps of an events file in order, each once.

    A resumed run starts again at its last checkpoint. Steps that the stopped run made after that checkpoint are
    dropped, because the resumed model has not seen them.

    Args:
        path: ``events.jsonl`` of a run.

    Raises:
        OSError: the file cannot be read.
        EventsCorrupt: a line is not an event, or repeats an earlier step.
    """
    # the file is read twice, because later sessions determine how much of a session counts
    ends = session_ends(path)
    phases, end, expected = _Phases(()), math.inf, 0
    for number, line in whole_lines(path):
        single = single_step(line)
        if single is not None:
            step, epoch, rate, momentum, loss, decay = single
            if step < expected:
                raise _backwards(path, number, step, expected)
            expected = step + 1
            if step < end:
                yield HistoryRow(step, epoch + 1, phases.at(step), rate, momentum, loss, decay)
            continue
        event = event_of(path, number, line)
        if isinstance(event, RunStarted):
            if not ends:
                return  # a session that started during this reading
            phases, end, expected = _Phases(event.phases), ends.popleft(), event.resumed_at
        elif isinstance(event, Steps):
            if event.first_step < expected:
                raise _backwards(path, number, event.first_step, expected)
            expected = event.last_step + 1
            yield from _rows(event, phases, end)


def _backwards(path: Path, number: int, step: int, expected: int) -> EventsCorrupt:
    return corrupt(path, number, f"step {step:,} comes where step {expected:,} or a later one must")


def session_ends(path: Path) -> deque[float]:
    """For each session of a run, the step up to which its steps count: the earliest start of any later session.

    Raises:
        OSError: the file cannot be read.
        EventsCorrupt: a line is not an event.
    """
    events = numbered_events(path, with_steps=False)
    starts = [event.resumed_at for _, event in events if isinstance(event, RunStarted)]
    ends: deque[float] = deque([math.inf] if starts else [])
    for step in reversed(starts[1:]):
        ends.appendleft(min(ends[0], step))
    return ends


class _Phases:
    """Finds the phase of a step."""

    def __init__(self, rows: tuple[PhaseRow, ...]) -> None:
        self._rows = sorted(rows, key=lambda row: row.start)
        self._starts = [row.start for row in self._rows]
        self._last = PhaseRow(name="", start=0, stop=0)

    def at(self, step: int) -> str:
        last = self._last
        if last.start <= step < last.stop:
            return last.name
        index = bisect_right(self._starts, step) - 1
        if index < 0 or step >= self._rows[index].stop:
            return ""
        self._last = self._rows[index]
        return self._last.name


def _rows(event: Steps, phases: _Phases, end: float) -> Iterator[HistoryRow]:
    none = repeat(None)
    driven = event.driven or {}
    others = (dict(zip(driven, values, strict=True)) for values in zip(*driven.values(), strict=True))
    values = zip(
        event.learning_rate,
        event.momentum or none,
        event.loss,
        event.weight_decay or none,
        others if driven else repeat(HistoryRow._field_defaults["driven"]),
        strict=False,
    )
    for step, (rate, momentum, loss, decay, other) in enumerate(values, start=event.first_step):
        if step >= end:
            return
        yield HistoryRow(step, event.epoch + 1, phases.at(step), rate, momentum, loss, decay, other)


def every(rows: Iterable[HistoryRow], stride: int) -> Iterator[HistoryRow]:
    """Yield the rows whose step is a multiple of ``stride``, and the last row.

    Raises:
        ValueError: the stride is below 1.
    """
    if stride < 1:
        raise ValueError(f"stride: must be at least 1, got {stride}")
    if stride == 1:
        yield from rows
        return
    row = None
    for row in rows:
        if row.step % stride == 0:
            yield row
    if row is not None and row.step % stride:
        yield row


_FIXED = HistoryRow._fields[:-1]


class _Columns(NamedTuple):
    """Which columns there are; weight decay and what else curves drive are columns only if they are driven."""

    width: int
    """Number of those that are fields of a row."""
    driven: tuple[str, ...]
    """Names of the others."""

    @property
    def heading(self) -> tuple[str, ...]:
        """Names of all columns."""
        return (*_FIXED[: self.width], *self.driven)

    def cells(self, row: HistoryRow) -> tuple[Cell, ...]:
        """The values of a row; None for one that it has not."""
        fixed: tuple[Cell, ...] = row[: self.width]  # type: ignore[assignment]  # the mapping is the last field
        return fixed + tuple(map(row.driven.get, self.driven)) if self.driven else fixed


def _columns(rows: Iterable[HistoryRow]) -> tuple[_Columns, Iterator[HistoryRow]]:
    """The columns, and the rows."""
    rows = iter(rows)
    first = list(islice(rows, 1))
    decay = first and first[0].weight_decay is not None
    width = len(_FIXED) - (0 if decay else 1)
    return _Columns(width, tuple(first[0].driven) if first else ()), chain(first, rows)


def write_csv(rows: Iterable[HistoryRow], out: TextIO) -> None:
    """Write the rows as CSV with a header; a missing momentum is an empty cell."""
    columns, rows = _columns(rows)
    cell = lru_cache(1024)(csv_cell)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(csv_cell, columns.heading))
    writer.writerows((row[0], row[1], cell(row[2]), *columns.cells(row)[3:]) for row in rows)


def write_json(rows: Iterable[HistoryRow], out: TextIO) -> None:
    """Write the rows as a JSON array of objects, one per line; a loss that is not finite is null."""
    columns, rows = _columns(rows)
    as_json(columns.heading, map(columns.cells, rows), out)


def history_table(rows: Iterable[HistoryRow], *, thin: bool = True, width: int | None = None) -> "Table":
    """The rows as a table for a terminal; print it with markup disabled.

    Args:
        rows: the rows.
        thin: show only about 40 rows if there are more than 80; False if the user has chosen an interval.
        width: columns of the terminal; None for a pipe or a file.
    """
    columns, rows = _columns(rows)
    return as_table(columns.heading, map(columns.cells, thinned(rows) if thin else rows), width)


def thinned(rows: Iterable[Row], about: int = _TABLE_ROWS) -> list[Row]:
    """Every n-th row and the last, with n such that ``about`` to ``2 * about`` rows remain, in one pass."""
    kept: list[Row] = []
    stride, row = 1, None
    for index, row in enumerate(rows):
        if index % stride == 0:
            kept.append(row)
        if len(kept) > 2 * about:
            kept, stride = kept[::2], stride * 2
    if row is not None and kept[-1] is not row:
        kept.append(row)
    return kept
