"""The loop over epochs: steps, evaluations, checkpoints, until the plan or something else ends it.

The invariants that it keeps are in the README beside this package.
"""

from collections.abc import Callable
from dataclasses import dataclass

from runner.data.examples import Splits
from runner.engine.distributed.workers import Workers
from runner.engine.loop.call_length import CallLength
from runner.engine.loop.callbacks import CallbackBridge
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
from runner.errors import Diverged, OwnCodeFailed
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
        callbacks: custom code that is called between two calls of the compiled step; None: there is none.
    """

    def __init__(
        self,
        plan: Plan,
        learner: Learner,
        dataset: Splits,
        emit: Sink,
        stop: StopRequest,
        saver: CheckpointSaver | None = None,
        callbacks: CallbackBridge | None = None,
    ) -> None:
        self.plan, self.learner, self.stop = plan, learner, stop
        self.saver = saver if saver is not None else NoSaver()
        self.state = TrainingState.of(plan)
        self.callbacks = self.state.callbacks = callbacks
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
            position = self.state.position  # within an evaluation at an epoch's end it is no place to go on from
            if isinstance(error, OwnCodeFailed) and position.step // self.plan.steps_per_epoch == position.epoch:
                self.saver.save(self.state, self.learner)
        except Exception as other:
            error.add_note(f"then {type(other).__name__}: {other}")

    def _run(self) -> Outcome:
        state, position = self.state, self.state.position
        ended_by: str | None = None
        state.limit.begin()
        if self.callbacks is not None:
            self.callbacks.begin(over=state.over or position.step >= self.plan.steps)
            state.over = state.over or self.callbacks.stopped
        while position.step < self.plan.steps and not state.over and ended_by is None:
            ended_by = self._train_epoch()
            if position.step == (position.epoch + 1) * self.plan.steps_per_epoch:
                self._finish_epoch()
                self._tell_epoch_ended(position.epoch - 1, final=False)
                self.saver.save_if_due(state, self.learner)
            elif self._is_evaluated(ended_by):
                self._tell_epoch_ended(position.epoch, final=True)
        self.saver.save(state, self.learner)
        return Outcome(position.step, position.metrics, "early_stopping" if state.over else ended_by)

    def _train_epoch(self) -> str | None:
        """The rest of a pass over the examples, or of the run, and its evaluation; or what has ended it before.

        What a signal ends is not evaluated: the run is to go on.
        """
        position, throughput = self.state.position, ThroughputMeter()
        end = min((position.epoch + 1) * self.plan.steps_per_epoch, self.plan.steps)
        ended_by = self._asked_to_end()
        if ended_by is None:
            self.tell_next_step()
        while position.step < end and ended_by is None and not self.state.over:
            throughput.add(self.stepper.steps(self._steps_left(end)))
            self.tell_batch_ended()
            if position.step < end:
                self._pause_within_epoch()
                ended_by = self._asked_to_end()
        if self._is_evaluated(ended_by):
            self._end_epoch(throughput, final=ended_by is not None)
        return ended_by

    def _is_evaluated(self, ended_by: str | None) -> bool:
        """Whether the epoch under way, or the part of it with which the run ends, is evaluated and reported."""
        return bool(self.state.position.sums.examples) and ended_by in (None, "time_limit")

    def _tell_epoch_ended(self, epoch: int, *, final: bool) -> None:
        """Tell the callbacks, and where the run ends with the epoch that too: before the state is saved."""
        state, position = self.state, self.state.position
        self._hear(lambda callbacks: callbacks.epoch_ended(epoch, position.metrics))
        if final or state.over or position.step >= self.plan.steps:
            self._hear(lambda callbacks: callbacks.ended(position.metrics))

    def tell_next_step(self) -> None:
        """Tell the callbacks that an epoch begins, where the next step is its first."""
        position = self.state.position
        if position.step == position.epoch * self.plan.steps_per_epoch:
            self._hear(lambda callbacks: callbacks.epoch_begins(position.epoch))

    def tell_batch_ended(self) -> None:
        """Tell the callbacks that a call of the compiled step is made."""
        self._hear(self._batch_ended)

    def _hear(self, tell: Callable[[CallbackBridge], None]) -> None:
        """Tell the callbacks something; the run is over when one of them ends it."""
        if self.callbacks is not None:
            tell(self.callbacks)
            self.state.over = self.state.over or self.callbacks.stopped

    def _batch_ended(self, callbacks: CallbackBridge) -> None:
        position, running = self.state.position, self.plan.running
        in_epoch = position.step - position.epoch * self.plan.steps_per_epoch
        callbacks.batch_ended(position.step, in_epoch, lambda: position.sums.means(running))

    def _steps_left(self, end: int) -> int:
        """Steps that one call may make: to the end of the epoch, or the next checkpoint or evaluation before it."""
        step = self.state.position.step
        most = min(end - step, self.saver.steps_left(step), self.validator.steps_left(step))
        return most if self.callbacks is None else self.callbacks.steps_left(step, most)

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
