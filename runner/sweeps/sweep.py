"""A sweep as the verb and the library use it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self, TextIO

from runner.events import Sink
from runner.sweeps.best_recipe import write_best
from runner.sweeps.board import EmittingBoard, PlainBoard, importance_lines, table
from runner.sweeps.definition import Definition
from runner.sweeps.journal import Journal
from runner.sweeps.live_board import LiveBoard
from runner.sweeps.table import Row, as_json, best, rows
from runner.sweeps.unit import Subject
from runner.sweeps.work import Watcher, Worker
from runner.workflows.trackers import COME_TO, tell_mlflow
from schemas.recipe import Recipe


class Board(Watcher, Protocol):
    """A display."""

    def close(self) -> None:
        """Restore the terminal."""


class Sweeping:
    """The sweep of a recipe, in its folder.

    Args:
        folder: of the sweep; made if it is missing.
        recipe: valid, and with a sweep.
        subject: the recipe's file, and what the user says about it.

    Raises:
        SweepChanged: the folder holds another sweep.
        JournalBroken: its journal is none of this sweep's.
        OSError: it cannot be read or written.
    """

    def __init__(self, folder: Path, recipe: Recipe, subject: Subject) -> None:
        self.folder, self._definition, self._subject = folder, Definition(recipe), subject
        self._journal = Journal(folder, self._definition)

    def __enter__(self) -> Self:
        """Return the sweep."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the journal."""
        self._journal.close()

    def rows(self) -> list[Row]:
        """The trials as they are now."""
        return rows(self.folder, self._definition, self._journal.trials())

    def board(
        self, stream: TextIO, told: Iterable[str], *, live: bool, silent: bool, no_color: bool, ends: bool
    ) -> Board:
        """A display of the work.

        Args:
            stream: where to.
            told: the recipe's own warnings, which were printed.
            live: whether to draw on a terminal.
            silent: whether to show nothing.
            no_color: whether to do without colours.
            ends: whether to say how trials end; else the process does that for which this one trains.
        """
        if silent:
            return EmittingBoard()
        if live:
            return LiveBoard(stream, self._definition, self.rows, told, no_color=no_color)
        return PlainBoard(stream, self._definition, self.rows, told, ends=ends)

    def work(
        self,
        watcher: Watcher,
        apart: Callable[[int], Mapping[str, Any] | None] | None = None,
        only: int | None = None,
    ) -> Mapping[str, Any] | None:
        """Train what is left; see :meth:`runner.sweeps.work.Worker.work`."""
        return Worker(self._journal, self._definition, self._subject, watcher, apart).work(only)

    def summary(self) -> dict[str, Any]:
        """How the sweep stands, as ``--json`` prints it; the recipe of the best trial is written.

        Raises:
            OSError: it cannot be written.
        """
        found = as_json(self.folder, self._definition, self._journal.trials())
        winner = best(self._definition, self.rows())
        path = None
        if winner is not None:
            with self._journal.lock:
                path = str(write_best(self.folder, self._definition, self._subject, winner))
        return found | {"best_recipe": path}

    def tell_trackers(self, found: Mapping[str, Any], tell: Sink) -> None:
        """Have a tracker told how the sweep stands; ``tell`` hears why it was not."""
        if self._definition.recipe.tracking:
            from runner.sweeps.tracked import tell_sweep

            send = partial(tell_sweep, self.folder, self._definition, self._journal.trials(), found)
            tell_mlflow(self._definition.recipe, send, COME_TO, self.folder, tell)

    def lines(self, found: Mapping[str, Any], width: int) -> Iterator[str]:
        """The table of trials for so many columns, and the importance of each range."""
        yield from table(self.rows(), self._definition, width)
        yield from importance_lines(found["importance"])
