"""Which run a worker trains next."""

from collections.abc import Callable
from enum import Enum
from pathlib import Path

from optuna.trial import FrozenTrial, TrialState

from runner.errors import RunError, RunLocked
from runner.plan.plan import Plan
from runner.source.load import Loaded
from runner.sweeps.definition import Definition, Values
from runner.sweeps.journal import Journal
from runner.sweeps.sampling import suggest
from runner.sweeps.standing import FAILED, Settled, is_done, result_of, runs_of, settled
from runner.sweeps.unit import Subject, Unit
from runner.workflows.run_folder import UNFIT, name_of_new, opened


class Left(Enum):
    """What is left to do where there is nothing to claim."""

    NOTHING = "nothing"
    WAITING = "waiting"
    """Other processes train the last trials."""


class Claims:
    """Finds work: first the runs that a dead worker has left, then new trials.

    A run is somebody's as long as its writer lock is held, which the kernel releases when the process ends; so no
    trial waits for a worker that is gone, and no run has two.

    Args:
        journal: of the sweep.
        definition: of the sweep.
        subject: the recipe.
        changed: called when a trial has begun or ended.
    """

    def __init__(
        self, journal: Journal, definition: Definition, subject: Subject, changed: Callable[[], None] = lambda: None
    ) -> None:
        self._journal, self._definition, self._subject = journal, definition, subject
        self._changed = changed

    @property
    def folder(self) -> Path:
        """Of the sweep."""
        return self._journal.path

    def claim(self, only: int | None = None) -> Unit | Left:
        """The next run to train, with its directory locked; ``only``: of this trial.

        Raises:
            RecipeError: the recipe has changed, or its data cannot be used.
            OSError: a run cannot be recorded.
        """
        with self._journal.lock:
            self._subject.require_unchanged(self._definition)
            while True:
                running = [trial for trial in self._journal.trials() if trial.state == TrialState.RUNNING]
                mine = [trial for trial in running if only is None or trial.number == only]
                for trial in mine:
                    if (unit := self._unit(trial)) is not None:
                        return unit
                if only is not None or not self._another():
                    running = [trial for trial in self._journal.trials() if trial.state == TrialState.RUNNING]
                    return Left.WAITING if running and only is None else Left.NOTHING

    def _another(self) -> bool:
        """Begin a further trial, if there is to be one."""
        trials = self._journal.trials()
        if len(trials) >= self._definition.sweep.planned:
            return False
        self._journal.create(suggest(self._definition, trials))
        self._changed()
        return True

    def _unit(self, trial: FrozenTrial) -> Unit | None:
        """The next run of a trial; None where another process trains it, or where it has ended, which is noted."""
        values: Values = dict(trial.params)
        try:
            recipes = self._subject.runs(self._definition, values)
            while (end := self._ended(trial, recipes)) is None:
                if (unit := self._open(trial, values, recipes)) is not None:
                    return unit
        except RunLocked:
            return None
        except UNFIT as error:
            self._end(trial.number, TrialState.FAIL, None, str(error))
            return None
        self._end(trial.number, end.state, end.value, end.why)
        return None

    def _ended(self, trial: FrozenTrial, recipes: list[Loaded]) -> Settled | None:
        return settled(self.folder, trial, self._definition.sweep.objective, len(recipes))

    def _open(self, trial: FrozenTrial, values: Values, recipes: list[Loaded]) -> Unit | None:
        """The first run that has not ended; None where its worker has ended it while we looked.

        A worker writes the record of its run without holding the journal's lock, so how a run stands is known only once
        its own lock is ours.
        """
        runs = runs_of(self.folder, trial)
        index = next((k for k, run in enumerate(runs) if not is_done(run)), len(runs))
        if index == len(recipes):
            return None
        plan = self._subject.plan(recipes[index])
        root = runs[index] if index < len(runs) else self._named(trial.number, runs, plan)
        try:
            directory, goes_on = opened(root, plan)
        except RunError as error:
            if isinstance(error, RunLocked) or not is_done(root):
                raise
            return None
        if self._ended(trial, recipes) is not None or (not goes_on and result_of(root) is not None):
            directory.close()
            return None
        return Unit(trial.number, index, values, recipes[index], plan, directory, goes_on)

    def _named(self, number: int, runs: list[Path], plan: Plan) -> Path:
        """The directory of a trial's further run: noted before it is made, so that none is ever made for nothing."""
        name = name_of_new(self.folder, plan)
        self._journal.note_runs(number, [*(run.name for run in runs), name])
        return self.folder / name

    def settle(self, number: int) -> None:
        """Note how a trial has ended, if its runs have."""
        with self._journal.lock:
            trial = self._journal.trials()[number]
            if trial.state != TrialState.RUNNING:
                return
            recipes = self._subject.runs(self._definition, dict(trial.params))
            end = settled(self.folder, trial, self._definition.sweep.objective, len(recipes), FAILED)
            if end is not None:
                self._end(number, end.state, end.value, end.why)

    def fail(self, number: int, why: str) -> None:
        """Note that a trial cannot be trained."""
        with self._journal.lock:
            self._end(number, TrialState.FAIL, None, why)

    def _end(self, number: int, state: TrialState, value: float | None, why: str) -> None:
        self._journal.finish(number, state, value, why)
        self._changed()
