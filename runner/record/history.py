"""The executed curve: for every optimizer step, what the optimizer's variables held and what the loss was.

Rows come one at a time from the events file, and are written one at a time: a run of a million steps takes the
memory of one compiled call.
"""

import csv
import json
import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from runner.events import PhaseRow, RunStarted, Steps
from runner.record.events_file import read_events
from runner.text import csv_cell, printable

if TYPE_CHECKING:
    from rich.table import Table

_TABLE_ROWS = 40


class HistoryRow(NamedTuple):
    """One optimizer step; the numbers are float32 in their shortest form, as the events have them."""

    step: int
    """0-based."""
    epoch: int
    """1-based, as on the screen."""
    phase: str
    learning_rate: float
    momentum: float | None
    """None where the optimizer has none."""
    loss: float
    weight_decay: float | None = None
    """None where no schedule drives it."""


def history_rows(path: Path) -> Iterator[HistoryRow]:
    """Yield the steps of an events file in order, each once.

    A resumed run begins again at its last checkpoint; what the stopped run did after that checkpoint is dropped,
    since the model that went on had not seen it.

    Args:
        path: ``events.jsonl`` of a run.

    Raises:
        OSError: the file cannot be read.
        EventsCorrupt: a line is not an event.
    """
    # the file is read twice, because how much of a session counts is known only from the sessions after it
    ends = _session_ends([event.resumed_at for event in read_events(path) if isinstance(event, RunStarted)])
    phases = _Phases(())
    end = math.inf
    for event in read_events(path):
        if isinstance(event, RunStarted):
            phases, end = _Phases(event.phases), ends.pop(0)
        elif isinstance(event, Steps):
            yield from _rows(event, phases, end)


def _session_ends(resumed_at: list[int]) -> list[float]:
    """For each session the step before which its steps count: the earliest start of any later session."""
    ends: list[float] = [math.inf]
    for step in reversed(resumed_at[1:]):
        ends.append(min(ends[-1], step))
    return ends[::-1]


class _Phases:
    """Finds the phase of a step."""

    def __init__(self, rows: tuple[PhaseRow, ...]) -> None:
        self._rows = sorted(rows, key=lambda row: row.start)
        self._starts = [row.start for row in self._rows]

    def at(self, step: int) -> str:
        index = bisect_right(self._starts, step) - 1
        return self._rows[index].name if index >= 0 and step < self._rows[index].stop else ""


def _rows(event: Steps, phases: _Phases, end: float) -> Iterator[HistoryRow]:
    none = (None,) * len(event.loss)
    values = zip(event.learning_rate, event.momentum or none, event.loss, event.weight_decay or none, strict=True)
    for step, executed in enumerate(values, start=event.first_step):
        if step >= end:
            return
        yield HistoryRow(step, event.epoch + 1, phases.at(step), *executed)


def every(rows: Iterable[HistoryRow], stride: int) -> Iterator[HistoryRow]:
    """Yield the rows whose step is a multiple of ``stride``, and the last one.

    Raises:
        ValueError: a stride below 1.
    """
    if stride < 1:
        raise ValueError(f"stride: must be at least 1, got {stride}")
    row = None
    for row in rows:
        if row.step % stride == 0:
            yield row
    if row is not None and row.step % stride:
        yield row


def _columns(rows: Iterable[HistoryRow]) -> tuple[tuple[str, ...], Iterator[HistoryRow]]:
    """Names of the columns, and the rows again; weight decay is a column only where a schedule drives it."""
    rows = iter(rows)
    first = list(islice(rows, 1))
    driven = first and first[0].weight_decay is not None
    return HistoryRow._fields if driven else HistoryRow._fields[:-1], chain(first, rows)


def write_csv(rows: Iterable[HistoryRow], out: TextIO) -> None:
    """Write the rows as CSV with a heading; a momentum that the optimizer does not have is an empty cell."""
    heading, rows = _columns(rows)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(row._replace(phase=csv_cell(row.phase))[: len(heading)] for row in rows)


def write_json(rows: Iterable[HistoryRow], out: TextIO) -> None:
    """Write the rows as a JSON array of objects, one a line; a loss that is not a number is null."""
    separator = "[\n"
    heading, rows = _columns(rows)
    for row in rows:
        cells = zip(heading, row, strict=False)
        finite = {key: None if isinstance(v, float) and not math.isfinite(v) else v for key, v in cells}
        out.write(separator + json.dumps(finite))
        separator = ",\n"
    out.write("[]\n" if separator == "[\n" else "\n]\n")


def history_table(rows: Iterable[HistoryRow], *, thin: bool = True) -> "Table":
    """The rows as a table for the terminal; print it with markup off.

    Args:
        rows: the rows.
        thin: show only about 40 of more than 80; off when the person has said how many steps apart.
    """
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    heading, rows = _columns(rows)
    for name in heading:
        table.add_column(name, justify="left" if name == "phase" else "right", no_wrap=True)
    for row in thinned(rows) if thin else rows:
        cells = row[: len(heading)]
        table.add_row(*(Text("–" if value is None else printable(str(value))) for value in cells))
    return table


def thinned(rows: Iterable[HistoryRow], about: int = _TABLE_ROWS) -> list[HistoryRow]:
    """Every n-th row and the last, with n so that ``about`` to twice as many are left, in one pass."""
    kept: list[HistoryRow] = []
    stride, row = 1, None
    for index, row in enumerate(rows):
        if index % stride == 0:
            kept.append(row)
        if len(kept) > 2 * about:
            kept, stride = kept[::2], stride * 2
    if row is not None and kept[-1] is not row:
        kept.append(row)
    return kept
