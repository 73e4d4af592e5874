"""The epochs of a run: where each ended, and its training and validation metrics."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.events import EpochEnded, RunStarted
from runner.numerals import measure, momentum, rate
from runner.record.events_file import corrupt, numbered_events
from runner.record.history import session_ends, thinned
from runner.record.history_forms import Cell, as_table

if TYPE_CHECKING:
    from rich.table import Table

_COLUMNS = ("epoch", "steps", "phase", "learning_rate", "momentum")
_METRICS_AT_MOST = 1000


@dataclass
class Epochs:
    """The epochs that count, in order; the columns are known before the first row."""

    metrics: dict[str, None] = field(default_factory=dict)
    """Names of all metrics, in order of appearance."""
    ended: list[EpochEnded] = field(default_factory=list)

    @property
    def heading(self) -> tuple[str, ...]:
        """Names of the columns; ``steps`` is the number of steps at the end of the epoch, ``epoch`` counts from 1."""
        return (*_COLUMNS, *self.metrics, "seconds", "best")

    def rows(self, every: int = 1) -> Iterator[tuple[Cell, ...]]:
        """Yield the rows of epochs whose number is a multiple of ``every``, and of the last."""
        for index, event in enumerate(self.ended, start=1):
            if (event.epoch + 1) % every == 0 or index == len(self.ended):
                yield self._row(event)

    def table(self, every: int = 1, width: int | None = None) -> "Table":
        """The rows as a table for a terminal of that width, thinned if there are many; numbers as a run shows them."""
        forms: tuple[Callable[[Any], Cell], ...] = (
            str,
            str,
            str,
            rate,
            momentum,
            *[measure] * (len(self.metrics) + 1),
            bool,
        )
        rows = [
            tuple(None if cell is None else form(cell) for form, cell in zip(forms, row, strict=True))
            for row in self.rows(every)
        ]
        return as_table(self.heading, thinned(rows) if every == 1 else rows, width)

    def _row(self, event: EpochEnded) -> tuple[Cell, ...]:
        place = (event.epoch + 1, event.step, event.phase, event.learning_rate, event.momentum)
        return (*place, *(event.metrics.get(name) for name in self.metrics), event.seconds, event.best)

    def add(self, event: EpochEnded) -> None:
        """Add the next epoch, or the same one again: a run resumed within an epoch ends it a second time."""
        self.metrics.update(dict.fromkeys(event.metrics))
        if self.ended and self.ended[-1].epoch == event.epoch:
            self.ended.pop()
        self.ended.append(event)


def read_epochs(path: Path) -> Epochs:
    """The epochs of an events file, without epochs that a later session resumed before.

    Args:
        path: the ``events.jsonl`` of a run.

    Raises:
        OSError: the file cannot be read.
        EventsCorrupt: a line is not an event, or is an epoch that cannot follow the one before.
    """
    ends, end, done = session_ends(path), math.inf, 0
    epochs = Epochs()
    for number, event in numbered_events(path, with_steps=False):
        if isinstance(event, RunStarted) and ends:
            end, done = ends.popleft(), event.resumed_at
        elif isinstance(event, EpochEnded):
            if event.step < done:
                raise corrupt(path, number, f"an epoch that ended after {event.step:,} steps follows step {done:,}")
            done = event.step
            if event.step <= end:
                epochs.add(event)
            if len(epochs.metrics) > _METRICS_AT_MOST:
                raise corrupt(path, number, f"more than {_METRICS_AT_MOST:,} metrics")
    return epochs
