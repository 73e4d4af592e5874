"""One worker of a sweep: it trains one run after another until none is left."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from runner.errors import RunError
from runner.events import Event, Sink
from runner.plan.threads import process_settings
from runner.sinks.fan_out import fan_out
from runner.sinks.summary import SummarySink
from runner.sweeps.claims import Claims, Left
from runner.sweeps.definition import Definition
from runner.sweeps.journal import Journal
from runner.sweeps.judge import Judge
from runner.sweeps.unit import Subject, Unit
from runner.workflows.request import request_for
from runner.workflows.run import run
from runner.workflows.run_folder import UNFIT, discarded_if_bare

STOPPED = ("interrupted", "terminated")
"""How a run ends by a signal, and the worker with it."""
_POLL = 1.0
"""Seconds between two looks at what other workers do."""


class Watcher(Protocol):
    """Shows what a worker does."""

    def began(self, unit: Unit) -> None:
        """A run begins or goes on."""

    def event(self, unit: Unit, event: Event) -> None:
        """Something happened in it."""

    def apart(self, number: int) -> None:
        """A trial is trained in a process of its own."""

    def changed(self) -> None:
        """A trial has begun or ended."""

    def waiting(self) -> None:
        """Other workers train the last trials."""


class Worker:
    """Works on a sweep.

    TensorFlow takes threads and determinism once a process. A trial that needs others than the first one, as another
    batch size may, is trained by ``apart``, in a process of its own.

    Args:
        journal: of the sweep.
        definition: of the sweep.
        subject: its recipe.
        watcher: shows what happens.
        apart: trains the trial of this number in another process, and returns the result of a stop, or None.
    """

    def __init__(
        self,
        journal: Journal,
        definition: Definition,
        subject: Subject,
        watcher: Watcher,
        apart: Callable[[int], Mapping[str, Any] | None] | None = None,
    ) -> None:
        self._journal, self._definition, self._subject = journal, definition, subject
        self._watcher, self._apart = watcher, apart
        self._claims = Claims(journal, definition, subject, watcher.changed)
        self._settings: tuple[object, ...] | None = None

    def work(self, only: int | None = None) -> Mapping[str, Any] | None:
        """Train until nothing is left; ``only``: of this trial.

        Returns:
            The result of a run that a signal has ended; None where the sweep has no more work.

        Raises:
            RecipeError: the recipe has changed, or its data cannot be used.
            OSError: a run cannot be recorded.
        """
        while (unit := self._claims.claim(only)) is not Left.NOTHING:
            if isinstance(unit, Left):
                self._watcher.waiting()
                time.sleep(_POLL)
                continue
            stopped = self._trained(unit)
            if stopped is not None:
                return stopped
        return None

    def _trained(self, unit: Unit) -> Mapping[str, Any] | None:
        settings = process_settings(unit.plan)
        self._settings = self._settings or settings
        if settings != self._settings:
            unit.directory.close()
            if self._apart is None:
                message = f"trial {unit.number} needs other threads than TensorFlow has in this process"
                raise RunError(message, "`recipe sweep` trains such a trial in a separate process")
            self._watcher.apart(unit.number)
            return self._apart(unit.number)
        self._watcher.began(unit)
        summary = SummarySink()
        try:
            self._run(unit, fan_out([summary, lambda event: self._watcher.event(unit, event)]))
        except UNFIT as error:
            self._claims.fail(unit.number, str(error))
            return None
        result = summary.result()
        if result["status"] in STOPPED:
            return result
        self._claims.settle(unit.number)
        return None

    def _run(self, unit: Unit, emit: Sink) -> None:
        judge = Judge(
            self._journal,
            self._definition,
            unit.number,
            unit.plan.steps,
            unit.plan.epochs,
            reports=unit.index == 0,
        )
        request = request_for(
            unit.loaded, unit.plan, self._subject.access, lambda _: unit.directory, force=self._subject.force,
            goes_on=unit.goes_on,
        )  # fmt: skip
        with discarded_if_bare(unit.directory):
            run(replace(request, given_up=judge.given_up), fan_out([judge, emit]))
