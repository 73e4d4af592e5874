"""The loop over epochs: steps, evaluations, checkpoints, until the plan or something else ends it.

The invariants that it keeps are in the README beside this package.
"""

from dataclasses import dataclass

from runner.data.examples import Splits
from runner.engine.distributed.workers import Workers
from runner.engine.loop.call_length import CallLength
from runner.engine.loop.checkpoint_saver import CheckpointSaver, NoSaver
from runner.engine.loop.loop_parts import Training
from runner.engine.loop.position import EpochSums
from runner.engine.loop.reactions import react
from runner.engine.loop.reports import epoch_ended, updates_skipped
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.stepper import Stepper
from runner.engine.loop.throughput import ThroughputMeter
from runner.engine.loop.training_state import TrainingState
from runner.engine.loop.used import read_back
from runner.engine.loop.validating import Validator
from runner.engine.step.learner import Learner
from runner.errors import Diverged
from runner.events import Sink
from runner.plan.plan import Plan

PRUNED = "pruned"
"""How a run ends that its sweep gives up. Like one that a signal ends it can go on, to the same bits."""


@dataclass(frozen=True)
class Outcome:
    """How the loop ended."""

    steps: int
    metrics: dict[str, float]
    """Of the last epoch that was evaluated."""
    ended_by: str | None = None
    """``early_stopping``, ``time_limit``, ``pruned``, or the name of the signal that ended the run; None: it went to
    its end."""


class Trainer:
    """Trains one plan on one dataset.

    Args:
        plan: what to train.
        learner: model, optimizer, loss and metrics.
        dataset: the examples.
        emit: receives every event.
        stop: asked between two calls whether the run should end.
        saver: decides, wherever a checkpoint may be made, whether to make one; None: none is made.
    """

    def __init__(
        self,
        plan: Plan,
        learner: Learner,
        dataset: Splits,
        emit: Sink,
        stop: StopRequest,
        saver: CheckpointSaver | None = None,
    ) -> None:
        self.plan, self.learner, self.stop = plan, learner, stop
        self.saver = saver if saver is not None else NoSaver()
        self.state = TrainingState.of(plan)
        self.workers = Workers(learner.replicas)
        self.training = Training(plan, learner, self.state, emit)
        self.stepper = Stepper(self.training, dataset.train, CallLength(), self.workers, self.saver)
        self.validator = Validator(self.training, dataset.validation)

    def run(self) -> Outcome:
        """Train from the state's position to the end of the plan, or until early stopping, time limit or a signal.

        Raises:
            Diverged: when a step's loss, or a weight that is to be saved, is not finite.
            ScheduleMismatch: when a hyperparameter of a step is not the planned one.
            OSError: when a checkpoint cannot be written.
        """
        try:
            return self._run()
        except BaseException as error:
            self._save_what_is_sound(error)
            raise
        finally:
            self.stepper.feed.close()

    def _save_what_is_sound(self, error: BaseException) -> None:
        """See what is being written to its end, and of a run that has diverged save the last good state.

        That it cannot be saved is a note on the error and not in its place.
        """
        try:
            self.saver.close()
            if isinstance(error, Diverged):
                self.saver.rescue()
        except Exception as other:
            error.add_note(f"then {type(other).__name__}: {other}")

    def _run(self) -> Outcome:
        state, position = self.state, self.state.position
        ended_by: str | None = None
        state.limit.begin()
        while position.step < self.plan.steps and not state.over and ended_by is None:
            ended_by = self._train_epoch()
            if position.step == (position.epoch + 1) * self.plan.steps_per_epoch:
                self._finish_epoch()
                self.saver.save_if_due(state, self.learner)
        self.saver.save(state, self.learner)
        return Outcome(position.step, position.metrics, "early_stopping" if state.over else ended_by)

    def _train_epoch(self) -> str | None:
        """The rest of a pass over the examples, or of the run, and its evaluation; or what has ended it before.

        What a signal ends is not evaluated: the run is to go on.
        """
        position, throughput = self.state.position, ThroughputMeter()
        end = min((position.epoch + 1) * self.plan.steps_per_epoch, self.plan.steps)
        ended_by = self._asked_to_end()
        while position.step < end and ended_by is None and not self.state.over:
            throughput.add(self.stepper.steps(self._steps_left(end)))
            if position.step < end:
                self._pause_within_epoch()
                ended_by = self._asked_to_end()
        if position.sums.examples and ended_by in (None, "time_limit"):
            self._end_epoch(throughput, final=ended_by is not None)
        return ended_by

    def _steps_left(self, end: int) -> int:
        """Steps that one call may make: to the end of the epoch, or the next checkpoint or evaluation before it."""
        step = self.state.position.step
        return min(end - step, self.saver.steps_left(step), self.validator.steps_left(step))

    def _pause_within_epoch(self) -> None:
        """Between two calls: an evaluation and a checkpoint, if they are due."""
        react(self.training, self.validator.within_epoch())
        if not self.state.over:  # else what is saved would lack the last row
            self.saver.save_if_due(self.state, self.learner)

    def _asked_to_end(self) -> str | None:
        """The name of a signal, ``time_limit`` or ``pruned``; None: train on. All workers come to the same."""
        heard, late = self.workers.asked_to_end(self.stop.signal, self.state.limit.reached())
        if heard is not None:
            return heard.name
        if late:
            return "time_limit"
        return PRUNED if self.stop.given_up() else None

    def _end_epoch(self, throughput: ThroughputMeter, *, final: bool) -> None:
        """Evaluate, and report the epoch, or the part of one with which a run ends."""
        position = self.state.position
        best = self.validator.at_epoch_end(final=final or self.state.over or position.step == self.plan.steps)
        if position.sums.skipped and not position.skipped and self.learner.loss_scale is not None:  # said once
            self.training.emit(updates_skipped(position, self.learner.loss_scale))
        used = self.stepper.used or read_back(self.learner)
        self.training.emit(
            epoch_ended(position, used, throughput, self.plan.schedule.phase_name(position.step - 1), best=best)
        )

    def _finish_epoch(self) -> None:
        """What follows from a whole epoch; a part of one decides nothing, and a longer run would go on within it."""
        position = self.state.position
        react(self.training, position.metrics)
        position.skipped += position.sums.skipped
        position.epoch, position.sums = position.epoch + 1, EpochSums()
