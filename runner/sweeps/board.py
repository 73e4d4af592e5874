"""A sweep on the terminal: a table that is drawn anew, or a line for each trial that begins or ends."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TextIO

from runner.events import Event, Sink, Warned
from runner.numerals import in_words
from runner.sinks import formatting as fmt
from runner.sinks.layout import Column, Layout
from runner.sinks.told import Told
from runner.sweeps.definition import Definition
from runner.sweeps.table import Row, best
from runner.sweeps.unit import Unit
from runner.text import printable
from runner.text import width as width_of
from runner.wrapping import labelled

_KEYS = ("trial", "state", "objective", "epochs", "values")
_LEFT = ("state", "values")
_BESIDE, _INDENT = 20, 2
"""Columns that values take at least beside a trial, and spaces before those that stand below it."""

Rows = Callable[[], Sequence[Row]]
"""The trials as they are now."""


def table(rows: Sequence[Row], definition: Definition, width: int) -> Iterator[str]:
    """A heading and a row for each trial; the best is marked, and values that do not fit are wrapped."""
    layout, cells = _layout(rows, definition)
    room = width - (layout.width - layout.columns[-1].width)
    beside = room >= _BESIDE
    yield from (line if beside else line.removesuffix("values").rstrip() for line in layout.heading())
    for row in cells:
        folded = fmt.fold(row["values"], room if beside else width - _INDENT)
        first = layout.line(row | {"values": folded.pop(0) if beside else ""})
        indent = width - room if beside else _INDENT
        yield from (first, *(" " * indent + line for line in folded))


def live_table(rows: Sequence[Row], definition: Definition, width: int) -> Iterator[str]:
    """The same with a line for each trial, which is cut where it does not fit: what is drawn anew has no more room."""
    layout, cells = _layout(rows, definition)
    yield from (fmt.clip(line, width) for line in (*layout.heading(), *map(layout.line, cells)))


def _layout(rows: Sequence[Row], definition: Definition) -> tuple[Layout, list[dict[str, str]]]:
    winner = best(definition, rows)
    headings = {key: key for key in _KEYS} | {"objective": definition.sweep.objective}
    cells = [_cells(row, is_best=row is winner) for row in rows]
    widths = {key: max(width_of(each[key]) for each in (headings, *cells)) for key in _KEYS}
    return Layout([Column(key, (headings[key],), widths[key], key in _LEFT) for key in _KEYS]), cells


def importance_lines(importance: Mapping[str, float]) -> Iterator[str]:
    """The share of each range in the differences between results, below a table; nothing where it is not known."""
    if importance:
        longest = max(map(len, importance))
        yield from ("", "importance of each range")
        yield from (f"  {path:<{longest}}  {share:.0%}" for path, share in importance.items())


def _cells(row: Row, *, is_best: bool) -> dict[str, str]:
    return {
        "trial": str(row.number),
        "state": "best" if is_best else row.state,
        "objective": fmt.measure(row.value) if row.value is not None else "",
        "epochs": str(row.epochs) if row.epochs else "",
        "values": values_text(row.values) + (f"  ({printable(row.why)})" if row.state == "failed" else ""),
    }


def values_text(values: Mapping[str, object]) -> str:
    """The values of a trial in one line, by the last part of each path where that is unambiguous."""
    names = [path.rpartition(".")[2] for path in values]
    short = {path: name if names.count(name) == 1 else path for path, name in zip(values, names, strict=True)}
    return printable(", ".join(f"{short[path]} {in_words(value)}" for path, value in values.items()))


class PlainBoard:
    """Prints a line when a trial begins, and one when it has ended.

    Args:
        stream: where to.
        definition: of the sweep.
        rows: gives the trials.
        told: the recipe's own warnings.
        ends: whether to say how trials end; else the process does that for which this one trains.
    """

    def __init__(
        self, stream: TextIO, definition: Definition, rows: Rows, told: Iterable[str] = (), *, ends: bool = True
    ) -> None:
        self._stream, self._definition, self._rows, self._told = stream, definition, rows, Told(told)
        self._ends = ends
        self._states = {row.number: row.state for row in rows()}
        self._waiting = False

    def began(self, unit: Unit) -> None:
        """Say which trial begins or goes on."""
        does = "goes on" if unit.goes_on else "begins"
        self._print(f"trial {unit.number} of {self._definition.sweep.planned} {does}: {values_text(unit.values)}")

    def event(self, unit: Unit, event: Event) -> None:
        """Print a warning that no trial has had before."""
        if isinstance(event, Warned) and self._told.is_new(event.message):
            self._print(f"trial {unit.number}: warning: {printable(event.message)}")

    def apart(self, number: int) -> None:
        """Nothing: the process says that it begins."""

    def changed(self) -> None:
        """Say which trials have ended since, here or elsewhere."""
        for row in self._rows():
            if self._ends and row.state not in ("running", "stopped") and self._states.get(row.number) != row.state:
                self._print(f"trial {row.number} {row.state}: {self._end(row)}")
            self._states[row.number] = row.state

    def _end(self, row: Row) -> str:
        if row.value is None:
            return printable(row.why)
        epochs = f" after {row.epochs} epoch{'s' if row.epochs > 1 else ''}" if row.epochs else ""
        return f"{self._definition.sweep.objective} {fmt.measure(row.value)}{epochs}"

    def waiting(self) -> None:
        """Say once that others train the last trials."""
        if not self._waiting:
            self._print("the last trials are trained by other workers; waiting for them")
        self._waiting = True

    def close(self) -> None:
        """Nothing is open."""

    def _print(self, line: str) -> None:
        print(labelled("sweep", line, self._stream), file=self._stream, flush=True)


class EmittingBoard:
    """Shows nothing, and hands on the events of the runs.

    Args:
        emit: called with every event; None: nobody listens.
    """

    def __init__(self, emit: Sink | None = None) -> None:
        self._emit = emit

    def began(self, unit: Unit) -> None:
        """Nothing."""

    def event(self, unit: Unit, event: Event) -> None:
        """Hand it on."""
        if self._emit is not None:
            self._emit(event)

    def apart(self, number: int) -> None:
        """Nothing."""

    def changed(self) -> None:
        """Nothing."""

    def waiting(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""
