"""The loop: the host computes the curves, the device follows, what it did is checked and told.

Invariants:

* The order of examples is a pure function of (seed, epoch), the curves of the step: a position is two
  numbers, (epoch, step).
* How many steps one call makes changes no result, only how often the host is heard.
* Every step's learning rate and momentum, as read back from the optimizer's variables, equal the plan's
  to the last bit of float32; otherwise the run ends as failed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runner.curves import PlateauState
from runner.data.examples import Splits
from runner.data.feed import feed_of
from runner.engine.distributed.workers import Workers
from runner.engine.loop.call_length import CallLength
from runner.engine.loop.checkpoint_saver import CheckpointSaver, NoSaver
from runner.engine.loop.checks import require_finite, require_planned
from runner.engine.loop.reports import plateau_cut, steps_made, stopped_early, updates_skipped, validated
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.time_limit import TimeLimit
from runner.engine.loop.training_state import EpochSums, Position, best_of, stopping_of
from runner.engine.loop.used import Used, read_back, used_last
from runner.engine.loop.validating import Validator
from runner.engine.step.compiled import compile_steps
from runner.engine.step.learner import Learner
from runner.errors import Diverged
from runner.events import EpochEnded, Sink, Steps
from runner.plan.plan import Plan
from schemas.schedule import Plateau


@dataclass(frozen=True)
class Outcome:
    """How the loop ended."""

    steps: int
    metrics: dict[str, float]
    """Of the last epoch that was evaluated."""
    ended_by: str | None = None
    """``early_stopping``, ``time_limit``, or the name of the signal that ended the run; None: it went to its end."""


class Trainer:
    """Trains one plan on one dataset.

    Args:
        plan: what to train.
        learner: model, optimizer, loss and metrics.
        dataset: the examples.
        emit: hears every event.
        stop: asked between two calls whether the run should end.
        keep: called with the trainer wherever a checkpoint may be made; it decides whether to make one.
    """

    def __init__(
        self,
        plan: Plan,
        learner: Learner,
        dataset: Splits,
        emit: Sink,
        stop: StopRequest,
        keep: "CheckpointSaver | None" = None,
    ) -> None:
        self.plan, self.learner, self.emit, self.stop = plan, learner, emit, stop
        self.keep = keep if keep is not None else NoSaver()
        self.feed = feed_of(dataset.train)
        self.run_steps = compile_steps(learner, dataset.train, plan.batch_size)
        self.validator = Validator(plan, learner, dataset.validation)
        self.plateau = PlateauState()
        wanted = plan.recipe.training.early_stopping
        self.best, self.stopping = best_of(plan.best, wanted), stopping_of(wanted)
        self.position = Position()
        self.over = False
        """Whether early stopping has ended the run."""
        limit = plan.recipe.training.time_limit
        self.limit = TimeLimit(limit.seconds if limit is not None else None)
        self.pace = CallLength()
        self.used: Used | None = None
        """What acted in the last step of this session."""
        self.workers = Workers(learner.replicas)

    def run(self) -> Outcome:
        """Train from where the run stands to the end of the plan, or until early stopping, time limit or a signal.

        Raises:
            Diverged: when a step's loss, or a weight that is to be saved, is not finite.
            ScheduleMismatch: when a step's learning rate or momentum is not the planned one.
            OSError: when a checkpoint cannot be written.
        """
        try:
            return self._run()
        except Diverged as error:
            self._rescue(error)
            raise
        finally:
            self.feed.close()

    def _rescue(self, error: Diverged) -> None:
        """Save the last good state; that it cannot be saved is a note on the error and not in its place."""
        try:
            self.keep.rescue()
        except OSError as other:
            error.add_note(f"then {type(other).__name__}: {other}")

    def _run(self) -> Outcome:
        position = self.position
        ended_by: str | None = None
        self.limit.begin()
        while position.step < self.plan.steps and not self.over and ended_by is None:
            ended_by = self._train_epoch()
            if position.step == (position.epoch + 1) * self.plan.steps_per_epoch:
                self._finish_epoch()
                self.keep.maybe(self)
        self.keep.now(self)
        return Outcome(position.step, position.metrics, "early_stopping" if self.over else ended_by)

    def _finish_epoch(self) -> None:
        """What follows from a whole epoch; a part of one decides nothing, and a longer run would go on within it."""
        position = self.position
        self._react(position.metrics, position.epoch)
        position.skipped += position.sums.skipped
        position.epoch, position.sums = position.epoch + 1, EpochSums()

    def _train_epoch(self) -> str | None:
        """The rest of a pass over the examples, or of the run, and its evaluation; or what has ended it before.

        What a signal ends is not evaluated: the run is to go on.
        """
        position = self.position
        first = position.epoch * self.plan.steps_per_epoch
        end = min(first + self.plan.steps_per_epoch, self.plan.steps)
        seconds, timed = 0.0, 0
        ended_by = self._asked_to_end()
        while position.step < end and ended_by is None and not self.over:
            compiled = self.pace.calls == 0
            event = self._call(position.epoch, position.step - first, position.sums)
            if not compiled:  # the first call includes compiling and says nothing about speed
                seconds, timed = seconds + event.seconds, timed + event.examples
            if position.step < end:
                self._validate_within(position.epoch)
                if not self.over:  # else what is saved would lack the last row
                    self.keep.maybe(self)
                ended_by = self._asked_to_end()
        if position.sums.examples and ended_by in (None, "time_limit"):
            final = self.over or ended_by is not None or position.step == self.plan.steps
            self._end_epoch(position.epoch, seconds, timed / seconds if seconds else 0.0, final=final)
        return ended_by

    def _asked_to_end(self) -> str | None:
        """The name of a signal, or ``time_limit``; None: train on. All workers come to the same."""
        heard, late = self.workers.asked_to_end(self.stop.signal, self.limit.reached())
        if heard is not None:
            return heard.name
        return "time_limit" if late else None

    def _call(self, epoch: int, position: int, sums: EpochSums) -> Steps:
        """K steps from ``position`` of the epoch on: plan, run, check, tell."""
        size, step = self.plan.batch_size, self.position.step
        left = min(self.plan.steps_per_epoch - position, self.plan.steps - step)
        left = min(left, self.keep.steps_left(step), self.validator.steps_left(step))
        count = self.workers.broadcast_number(self.pace.steps(left))
        rates, momenta = self.planned(np.arange(step, step + count))
        decays = self.plan.schedule.weight_decay(np.arange(step, step + count))
        smoothing = None if self.plan.smoothing is None else self.plan.smoothing.at(np.arange(step, step + count))
        first_call = self.pace.calls == 0
        self.keep.before_call(self)
        self.pace.begin()  # waiting for examples that are read as it trains counts
        batches = self.feed.take(self.plan.recipe.seed, epoch, position * size, (position + count) * size)
        values = self.run_steps(
            batches, rates, momenta if momenta is not None else np.zeros_like(rates), decays, smoothing
        )
        seconds = self.pace.end(count)
        require_planned(step, values, rates, momenta, decays, smoothing)
        starts = np.arange(count) * size
        so_far = sums.with_steps(values, np.minimum(starts + size, len(batches)) - starts)
        means = so_far.means(self.plan.metrics)
        event = steps_made(values, step, epoch, len(batches), seconds, first_call, means)
        self.emit(event)
        self.used = used_last(event)
        self.keep.after_call(event.loss[0])
        require_finite(event, self.plan.steps_per_epoch)
        self.position.sums = so_far
        self.position.step = step + count
        return event

    def planned(self, steps: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Learning rate (with the plateau's scale so far) and momentum for these steps, in float32."""
        return self.plan.schedule.evaluate(steps, scale=self.plateau.scale)

    def _end_epoch(self, epoch: int, seconds: float, speed: float, *, final: bool) -> None:
        """Means over the epoch, its evaluation (at the end of the run in any case), and whether it is the best."""
        position = self.position
        metrics = position.sums.means(self.plan.metrics)
        with self.learner.averaged():
            due = final or self.validator.is_due(position.step)
            metrics |= self.validator.all(position) if due else self.validator.part()
            best = self.best.update(metrics, epoch, position.step, self.learner.model)
        position.metrics = metrics
        self._report_skipped()
        used = self.used or read_back(self.learner.optimizer)
        phase = self.plan.schedule.phases[int(self.plan.schedule.phase_at(position.step - 1))].name
        self.emit(
            EpochEnded(
                epoch=epoch,
                step=position.step,
                metrics=metrics,
                learning_rate=used.learning_rate,
                momentum=used.momentum,
                seconds=seconds,
                examples_per_second=speed,
                phase=phase,
                best=best,
            )
        )

    def _validate_within(self, epoch: int) -> None:
        """An evaluation before the end of the epoch, if one is due, and what follows from it."""
        position = self.position
        if not self.validator.is_due(position.step):
            return
        with self.learner.averaged():
            figures = self.validator.all(position)
            so_far = position.sums.means(self.plan.metrics) | figures
            # what is computed once an epoch, such as the training loss, chooses no best within one
            known = so_far if self.best.monitor.name in figures else {}
            best = self.best.update(known, epoch, position.step, self.learner.model)
        self.emit(validated(figures, self.validator.examples, position.step, best=best))
        self._react(figures, epoch)

    def _react(self, figures: Mapping[str, float], epoch: int) -> None:
        """What watches one of these new figures takes it in."""
        self.over = self._is_over(figures, epoch)
        if not self.over:
            self._update_plateau(figures, epoch)

    def _report_skipped(self) -> None:
        """Say once, after the first epoch that has any, that updates were skipped."""
        position = self.position
        if position.sums.skipped and not position.skipped and self.learner.loss_scale is not None:
            self.emit(updates_skipped(position, self.learner.loss_scale))

    def _is_over(self, figures: Mapping[str, float], epoch: int) -> bool:
        """Whether early stopping ends the run."""
        stopping = self.stopping
        if stopping is None or stopping.monitor.name not in figures:
            return False
        if not stopping.update(figures[stopping.monitor.name], epoch):
            return False
        self.emit(stopped_early(stopping, epoch))
        return True

    def _update_plateau(self, figures: Mapping[str, float], epoch: int) -> None:
        """Let the plateau rule see its monitor; a cut acts from the next step on."""
        rule, schedule = self.plan.schedule.plateau, self.plan.recipe.schedule
        if rule is None or not isinstance(schedule, Plateau) or schedule.monitor not in figures:
            return
        if not rule.sees(epoch * self.plan.steps_per_epoch):
            return
        rates, _ = self.planned(np.array([self.position.step - 1]))
        decision = self.plateau.update(rule, figures[schedule.monitor], float(rates[0]))
        self.plateau = decision.state
        if decision.cut and decision.best is not None:
            self.emit(plateau_cut(decision, decision.best, schedule.monitor, self.position.step, epoch))
