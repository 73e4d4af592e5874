"""The loop: the host computes the curves, the device follows, what it did is checked and told.

Invariants:

* The order of examples is a pure function of (seed, epoch), the curves of the step: a position is two
  numbers, (epoch, step).
* How many steps one call makes changes no result, only how often the host is heard.
* Every step's learning rate and momentum, as read back from the optimizer's variables, equal the plan's
  to the last bit of float32; otherwise the run ends as failed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runner.build.arrays import Dataset, example_order
from runner.curves import PlateauState
from runner.engine.checks import require_finite, require_planned
from runner.engine.evaluation import compile_evaluation
from runner.engine.pace import Pace
from runner.engine.signals import StopRequest
from runner.engine.state import Best, EpochSums, Stopping
from runner.engine.steps import Learner, StepValues, compile_steps
from runner.events import EarlyStopped, EpochEnded, PlateauCut, Sink, Steps, shortest
from runner.plan.monitor import monitor
from runner.plan.plan import Plan
from schemas.schedule import Plateau


@dataclass(frozen=True)
class Outcome:
    """How the loop ended."""

    steps: int
    metrics: dict[str, float]
    """Of the last whole epoch."""
    ended_by: str | None = None
    """``early_stopping``, or the name of the signal that ended the run; None: it went to its end."""


class Trainer:
    """Trains one plan on one dataset."""

    def __init__(self, plan: Plan, learner: Learner, dataset: Dataset, emit: Sink, stop: StopRequest) -> None:
        self.plan, self.learner, self.emit, self.stop = plan, learner, emit, stop
        self.examples = len(dataset.train)
        self.run_steps = compile_steps(learner, dataset.train, plan.batch_size)
        self.validate = compile_evaluation(learner, dataset.validation, plan.metrics) if dataset.validation else None
        self.plateau = PlateauState()
        self.best = Best(plan.best)
        wanted = plan.recipe.training.early_stopping
        self.stopping = (
            Stopping(monitor(wanted.monitor, wanted.mode), wanted.patience, wanted.min_delta) if wanted else None
        )
        self.step = 0
        self.pace = Pace()
        self.metrics: dict[str, float] = {}

    def run(self) -> Outcome:
        """Train to the end of the plan, or until early stopping or a signal.

        Raises:
            Diverged: when a step's loss is not finite.
            ScheduleMismatch: when a step's learning rate or momentum is not the planned one.
        """
        for epoch in range(self.plan.epochs):
            if not self._train_epoch(epoch):
                assert self.stop.signal is not None
                return Outcome(self.step, self.metrics, self.stop.signal.name)
            if self._is_over(epoch):
                return Outcome(self.step, self.metrics, "early_stopping")
            self._update_plateau(epoch)
        return Outcome(self.step, self.metrics)

    def _train_epoch(self, epoch: int) -> bool:
        """One pass over the examples and its evaluation; False when a signal ended it."""
        order = example_order(self.plan.recipe.seed, epoch, self.examples)
        sums, seconds, timed = EpochSums(), 0.0, 0
        first, stop = epoch * self.plan.steps_per_epoch, (epoch + 1) * self.plan.steps_per_epoch
        while self.step < stop:
            if self.stop.signal is not None:
                return False
            compiled = self.pace.calls == 0
            event = self._call(epoch, order, self.step - first, sums)
            if not compiled:  # the first call includes compiling and says nothing about speed
                seconds, timed = seconds + event.seconds, timed + event.examples
        self._end_epoch(epoch, sums, seconds, timed / seconds if seconds else 0.0, event)
        return True

    def _call(self, epoch: int, order: NDArray[np.int32], position: int, sums: EpochSums) -> Steps:
        """K steps from ``position`` of the epoch on: plan, run, check, tell."""
        size = self.plan.batch_size
        count = self.pace.steps(self.plan.steps_per_epoch - position)
        batches = order[position * size : (position + count) * size]
        rates, momenta = self.planned(np.arange(self.step, self.step + count))
        first_call = self.pace.calls == 0
        self.pace.begin()
        values = self.run_steps(batches, rates, momenta if momenta is not None else np.zeros_like(rates))
        seconds = self.pace.end(count)
        require_planned(self.step, values, rates, momenta)
        event = _told(values, self.step, epoch, len(batches), seconds, first_call)
        self.emit(event)
        require_finite(event)
        starts = np.arange(count) * size
        sums.add(values, np.minimum(starts + size, len(batches)) - starts)
        self.step += count
        return event

    def planned(self, steps: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Learning rate (with the plateau's scale so far) and momentum for these steps, in float32."""
        return self.plan.schedule.evaluate(steps, scale=self.plateau.scale)

    def _end_epoch(self, epoch: int, sums: EpochSums, seconds: float, speed: float, last: Steps) -> None:
        self.metrics = sums.means(self.plan.metrics)
        if self.validate is not None:
            self.metrics |= {f"val_{name}": value for name, value in self.validate().items()}
        best = self.best.update(self.metrics[self.best.monitor.name], epoch, self.step, self.learner.model)
        self.emit(
            EpochEnded(
                epoch=epoch,
                step=self.step,
                metrics=self.metrics,
                learning_rate=last.learning_rate[-1],
                momentum=last.momentum[-1] if last.momentum is not None else None,
                seconds=seconds,
                examples_per_second=speed,
                phase=self.plan.schedule.phases[int(self.plan.schedule.phase_at(self.step - 1))].name,
                best=best,
            )
        )

    def _is_over(self, epoch: int) -> bool:
        """Whether early stopping ends the run after this epoch."""
        stopping = self.stopping
        if stopping is None or not stopping.update(self.metrics[stopping.monitor.name], epoch):
            return False
        self.emit(
            EarlyStopped(
                epoch=epoch,
                monitor=stopping.monitor.name,
                best=float("nan") if stopping.best is None else stopping.best,
                best_epoch=stopping.best_epoch,
                wait=stopping.wait,
            )
        )
        return True

    def _update_plateau(self, epoch: int) -> None:
        """Let the plateau rule see the epoch; a cut acts from the next step on."""
        rule, schedule = self.plan.schedule.plateau, self.plan.recipe.schedule
        if rule is None or not isinstance(schedule, Plateau):
            return
        rates, _ = self.planned(np.array([self.step - 1]))
        decision = self.plateau.update(rule, self.metrics[schedule.monitor], float(rates[0]))
        self.plateau = decision.state
        if decision.cut and decision.best is not None:
            self.emit(
                PlateauCut(
                    step=self.step,
                    epoch=epoch,
                    monitor=schedule.monitor,
                    value=decision.value,
                    best=decision.best,
                    wait=decision.wait,
                    scale=decision.scale,
                )
            )


def _told(values: StepValues, step: int, epoch: int, examples: int, seconds: float, compiled: bool) -> Steps:
    return Steps(
        first_step=step,
        epoch=epoch,
        learning_rate=shortest(values.learning_rate),
        momentum=shortest(values.momentum) if values.momentum is not None else None,
        loss=shortest(values.loss),
        examples=examples,
        seconds=seconds,
        compiled=compiled,
    )
