"""A sweep on a terminal, drawn anew whenever something happens."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TextIO

from runner.events import EpochEnded, Event, Warned
from runner.sinks import formatting as fmt
from runner.sinks.told import Told
from runner.sweeps.board import Rows, live_table
from runner.sweeps.definition import Definition
from runner.sweeps.table import Row
from runner.sweeps.unit import Unit
from runner.text import printable


class LiveBoard:
    """Draws the last trials, the best, and the epochs of the one that trains here.

    Args:
        stream: a terminal.
        definition: of the sweep.
        rows: gives the trials.
        told: the recipe's own warnings.
        no_color: whether to do without colours.
    """

    def __init__(
        self, stream: TextIO, definition: Definition, rows: Rows, told: Iterable[str] = (), *, no_color: bool = False
    ) -> None:
        # importing rich takes as long as everything else; plain displays do not need it
        from rich.console import Console
        from rich.live import Live

        self._definition, self._rows = definition, rows
        self._console = Console(
            file=stream, force_terminal=True, no_color=no_color, markup=False, highlight=False, emoji=False
        )
        self._note, self._apart = "", -1
        self._told = Told(told)
        self._live: Live = Live(console=self._console, auto_refresh=False, transient=True)
        self._live.start()
        self._draw()

    def began(self, unit: Unit) -> None:
        """Draw the table with the trial."""
        self._note = f"trial {unit.number} is starting"
        self._draw()

    def event(self, unit: Unit, event: Event) -> None:
        """Draw an epoch."""
        match event:
            case EpochEnded():
                self._note = f"trial {unit.number}: epoch {event.epoch + 1} of {unit.plan.epochs}"
                self._draw()
            case Warned() if self._told.is_new(event.message):
                self._console.print(f"trial {unit.number}: warning: {printable(event.message)}")

    def apart(self, number: int) -> None:
        """Draw that a process of its own trains a trial."""
        self._apart = number
        self._note = f"trial {number} trains in a process of its own"
        self._draw()

    def changed(self) -> None:
        """Draw the table anew."""
        self._draw()

    def waiting(self) -> None:
        """Draw what other workers do."""
        self._note = "waiting for other workers"
        self._draw()

    def close(self) -> None:
        """Remove the drawing."""
        self._live.stop()

    def _draw(self) -> None:
        from rich.text import Text

        rows, size = [self._at_work(row) for row in self._rows()], self._console.size
        ended = sum(row.state not in ("running", "stopped") for row in rows)
        lines = list(live_table(rows, self._definition, size.width)) if rows else []
        most = max(size.height - 4, 3)
        shown = [*lines[:1], *lines[1:][-most:]]
        last = "; ".join(filter(None, [f"{ended} of {self._definition.sweep.planned} trials ended", self._note]))
        self._live.update(Text("\n".join([*shown, fmt.clip(last, size.width)]), no_wrap=True), refresh=True)

    def _at_work(self, row: Row) -> Row:
        """A trial for which a process is starting, which does not hold the run's lock yet."""
        starting = row.state == "stopped" and (row.number == self._apart or not row.runs)
        return replace(row, state="running") if starting else row
