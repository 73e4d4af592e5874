"""Trials: a set of changes, trained; each of its runs is a directory in one folder, found again by its fingerprint."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any, Protocol

from runner.bisecting.ddmin import Changes
from runner.bisecting.sides import Between, shown_fields
from runner.errors import RunError
from runner.events import DONE, Event
from runner.plan.plan import Plan
from runner.plan.threads import process_settings
from runner.record.directory import RunPaths
from runner.sinks.fan_out import fan_out
from runner.sinks.summary import SummarySink
from runner.source.loaded import Loaded
from runner.workflows.repeats import recorded_result, standard_error
from runner.workflows.request import request_for, runs_of
from runner.workflows.run import run
from runner.workflows.run_folder import UNFIT, discarded_if_bare, name_of_new, opened

_STOPPED = ("interrupted", "terminated")
_ENDED = (*DONE, "diverged")
"""How a run stands that training again would not change."""


class Stopped(Exception):
    """A signal has ended a run, and the search with it.

    Args:
        result: of the run.
    """

    def __init__(self, result: Mapping[str, Any]) -> None:
        super().__init__(result["status"])
        self.result = result


@dataclass(frozen=True)
class Trial:
    """A set of changes with the results of its runs."""

    chosen: Changes
    runs: tuple[Path, ...] = ()
    """One for each seed."""
    results: tuple[Mapping[str, Any], ...] = ()
    why: str = ""
    """Why it cannot be trained; empty: it can."""

    def values(self, metric: str, worst: float) -> list[float]:
        """The final metric of each run; of a run that diverged, ``worst``.

        Raises:
            RunError: a run has no such metric.
        """
        found = []
        for path, result in zip(self.runs, self.results, strict=True):
            value = worst if result["status"] == "diverged" else result["metrics"].get(metric)
            if value is None:
                raise RunError(f"{path} has no {metric}", f"it has {', '.join(result['metrics']) or 'no metrics'}")
            found.append(worst if math.isnan(value) else value)
        return found

    def value(self, metric: str, worst: float) -> tuple[float, float]:
        """Mean and standard error of the metric over the runs; the error of a single run is 0."""
        values = self.values(metric, worst)
        finite = all(map(math.isfinite, values))
        return mean(values), standard_error(values) if finite and len(values) > 1 else 0.0


class Watcher(Protocol):
    """Shows what the search does."""

    def began(self, chosen: Changes, index: int, directory: Path, *, goes_on: bool) -> None:
        """A run of a trial begins or goes on; ``index`` counts its seeds."""

    def event(self, event: Event) -> None:
        """Something happened in it."""

    def ended(self, trial: Trial, *, trained: bool) -> None:
        """All runs of a trial are there; ``trained``: here and now."""


class Trials:
    """Trains sets of changes, and knows those that have been trained.

    Args:
        folder: of the runs; made if it is missing.
        between: gives the recipes.
        watcher: shows what happens.
        apart: trains a set in another process, which needs other threads than TensorFlow has in this one.
    """

    def __init__(
        self, folder: Path, between: Between, watcher: Watcher, apart: Callable[[Changes], None] | None = None
    ) -> None:
        self.folder, self._between, self._watcher, self._apart = folder, between, watcher, apart
        self._known: dict[Changes, Trial] = {}
        self._settings: tuple[object, ...] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def made(self) -> list[Trial]:
        """The trials so far, in the order in which they were asked for."""
        return list(self._known.values())

    def trial(self, chosen: Changes) -> Trial:
        """The trial of a set of changes; trained first where the folder does not have all of its runs.

        Raises:
            Stopped: a signal has ended a run.
            RecipeError: the data cannot be used, or another process trains the same.
            OSError: a run cannot be recorded.
        """
        if chosen not in self._known:
            try:
                found, trained = self._made(chosen)
            except UNFIT as error:
                found, trained = Trial(chosen, why=str(error)), False
            self._known[chosen] = found
            self._watcher.ended(found, trained=trained)
        return self._known[chosen]

    def _made(self, chosen: Changes) -> tuple[Trial, bool]:
        runs, trained = list[Path](), False
        for index, loaded in enumerate(self._between.recipes(chosen)):
            plan = self._between.plan(loaded, chosen)
            done = self._done(plan)
            if done is None:
                self._train(chosen, index, loaded, plan)
                done, trained = self._done(plan), True
            if done is None:
                raise RunError(f"no run of {self.folder} has trained the changes {shown(self._between, chosen)}")
            runs.append(done)
        return Trial(chosen, tuple(runs), tuple(map(recorded_result, runs))), trained

    def _candidates(self, plan: Plan) -> list[Path]:
        """Directories that are named as runs of a plan are, the newest first."""
        named = [path for path in self.folder.iterdir() if f"-{plan.fingerprint[:8]}" in path.name and path.is_dir()]
        return sorted(named, reverse=True)

    def _done(self, plan: Plan) -> Path | None:
        return next((path for path, status in runs_of(plan, self._candidates(plan)) if status in _ENDED), None)

    def _begun(self, plan: Plan) -> Path | None:
        """The directory of a run that goes on: one of this very plan, or one in which nothing was recorded yet."""
        named = self._candidates(plan)
        same = {path for path, _ in runs_of(plan, named)}
        return next((path for path in named if path in same or not RunPaths(path).events.exists()), None)

    def _train(self, chosen: Changes, index: int, loaded: Loaded, plan: Plan) -> None:
        settings = process_settings(plan)
        self._settings = self._settings or settings
        if settings != self._settings:
            self._train_apart(chosen)
            return
        directory, goes_on = opened(self._begun(plan) or self.folder / name_of_new(self.folder, plan), plan)
        self._watcher.began(chosen, index, directory.root, goes_on=goes_on)
        subject, summary = self._between.data_subject(chosen), SummarySink()
        request = request_for(loaded, plan, subject.access, lambda _: directory, force=subject.force, goes_on=goes_on)
        with discarded_if_bare(directory):
            run(request, fan_out([summary, self._watcher.event]))
        result = summary.result()
        if result["status"] in _STOPPED:
            raise Stopped(result)
        if result["status"] not in _ENDED:
            raise RunError(f"{directory.root} has failed: {result.get('message')}")

    def _train_apart(self, chosen: Changes) -> None:
        if self._apart is None:
            message = "a recipe between the two needs other threads than TensorFlow has in this process"
            raise RunError(message, "`recipe bisect` trains such a recipe in a separate process")
        self._apart(chosen)


def shown(between: Between, chosen: Changes) -> str:
    """The fields of a set of changes, in one line."""
    return shown_fields(list(between.fields(chosen)))
