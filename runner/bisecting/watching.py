"""The progress of a search: a line when a run begins, and one when a set of fields has its results."""

from pathlib import Path
from typing import TextIO

from runner.bisecting.ddmin import Changes
from runner.bisecting.sides import Between
from runner.bisecting.trials import Trial, shown
from runner.events import Event, Warned
from runner.sinks import formatting as fmt
from runner.sinks.told import Told
from runner.wrapping import labelled


class PlainWatcher:
    """Prints a line when a run begins, and one when a set of fields has its results.

    Args:
        stream: where to.
        between: the two recipes.
        ends: whether to print results; another process may do so.
    """

    def __init__(self, stream: TextIO, between: Between, *, ends: bool = True) -> None:
        self._stream, self._between, self._ends = stream, between, ends
        self._told = Told()

    def began(self, chosen: Changes, index: int, directory: Path, *, goes_on: bool) -> None:
        """Say which run begins or goes on, and where."""
        does, seed = "goes on" if goes_on else "begins", f", run {index + 1} of {self._between.seeds}"
        self._print(f"{self._named(chosen)}{seed if self._between.seeds > 1 else ''} {does}: {directory}")

    def event(self, event: Event) -> None:
        """Print a warning that no run has had before."""
        if isinstance(event, Warned) and self._told.is_new(event.message):
            self._print(f"warning: {event.message}")

    def ended(self, trial: Trial, *, trained: bool) -> None:
        """Say what came out, or that it was there."""
        if not self._ends:
            return
        if trial.why:
            self._print(f"{self._named(trial.chosen)}: cannot be trained: {trial.why}")
            return
        metrics = trial.results[0]["metrics"]
        first = ", ".join(f"{name} {fmt.measure(value)}" for name, value in list(metrics.items())[-3:])
        there = "" if trained else " (trained before)"
        self._print(f"{self._named(trial.chosen)}{there}: {first or trial.results[0]['status']}")

    def _named(self, chosen: Changes) -> str:
        if not chosen:
            return "the good recipe"
        if len(chosen) == len(self._between.changes):
            return "the bad recipe"
        return f"with {len(chosen)} of {len(self._between.changes)} fields ({shown(self._between, chosen)})"

    def _print(self, text: str) -> None:
        print(labelled("bisect", text, self._stream), file=self._stream, flush=True)
