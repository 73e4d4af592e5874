"""Reports a trial's epochs, and decides whether it goes on."""

from runner.events import EpochEnded, Event, RunStarted
from runner.sweeps.definition import Definition
from runner.sweeps.journal import Journal
from runner.sweeps.sampling import verdict


class Judge:
    """A sink for one run of a trial; the trainer asks :meth:`given_up`.

    A resumed run is judged by the epochs before its checkpoint alone, also where the journal has later ones of a
    session that was killed: the verdict after an epoch is the same whenever it is asked for.

    Args:
        journal: of the sweep.
        definition: of the sweep.
        number: of the trial.
        steps: of the whole run; after the last there is nothing to give up.
        epochs: of a whole run.
        reports: whether this is the run by which the trial is judged: of several the first.
    """

    def __init__(
        self, journal: Journal, definition: Definition, number: int, steps: int, epochs: int, *, reports: bool
    ) -> None:
        self._journal, self._definition, self._number = journal, definition, number
        self._steps, self._epochs, self._reports = steps, epochs, reports
        self._given_up = False

    def given_up(self) -> bool:
        """Whether the run ends early."""
        return self._given_up

    def __call__(self, event: Event) -> None:
        """Take in an event of the run."""
        if not self._reports:
            return
        match event:
            case RunStarted() if event.resumed_at and event.resumed_at % event.steps_per_epoch == 0:
                self._decide(event.resumed_at // event.steps_per_epoch - 1, event.resumed_at)
            case EpochEnded() if self._definition.sweep.objective in event.metrics:
                self._journal.report(self._number, event.epoch, event.metrics[self._definition.sweep.objective])
                self._decide(event.epoch, event.step)

    def _decide(self, epoch: int, step: int) -> None:
        if self._definition.sweep.pruner == "none" or step >= self._steps:
            return
        with self._journal.lock:
            trials = self._journal.trials()
            known = trials[self._number].intermediate_values
            values = {each: value for each, value in known.items() if each <= epoch}
            if epoch not in values:  # a part of an epoch, or one without an evaluation, decides nothing
                return
            self._given_up, rungs = verdict(self._definition, self._epochs, trials, self._number, values)
            self._journal.note_rungs(self._number, rungs)
