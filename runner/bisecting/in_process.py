"""A search in this process, without a display: for the library."""

from pathlib import Path
from typing import Any

from runner.bisecting.ddmin import Changes
from runner.bisecting.search import search
from runner.bisecting.sides import Between
from runner.bisecting.trials import Stopped, Trial, Trials
from runner.bisecting.view import as_json
from runner.errors import RunError
from runner.events import Event, Sink


class Emitting:
    """Shows nothing, and hands on the events of the runs.

    Args:
        emit: called with every event; None: nobody listens.
    """

    def __init__(self, emit: Sink | None = None) -> None:
        self._emit = emit

    def began(self, chosen: Changes, index: int, directory: Path, *, goes_on: bool) -> None:
        """Nothing."""

    def event(self, event: Event) -> None:
        """Hand it on."""
        if self._emit is not None:
            self._emit(event)

    def ended(self, trial: Trial, *, trained: bool) -> None:
        """Nothing."""


def searched(
    between: Between, folder: Path | None, metric: str | None, threshold: float | None, emit: Sink | None
) -> dict[str, Any]:
    """What a search finds, as ``recipe bisect --json`` prints it.

    Raises:
        RunError: a signal has ended it.
        RecipeError: as :func:`runner.bisecting.search.search`.
    """
    folder = folder or between.folder
    try:
        return as_json(search(between, Trials(folder, between, Emitting(emit)), metric, threshold), between, folder)
    except Stopped as stopped:
        raise RunError(f"the search was {stopped}", "the same call goes on with it") from stopped
