"""Optimizer steps, K in one compiled call: planned on the host, made on the device, checked, reported."""

import numpy as np

from runner.data.examples import Split
from runner.data.feed import feed_of
from runner.engine.distributed.workers import Workers
from runner.engine.loop.call import Call
from runner.engine.loop.call_checks import require_finite, require_planned
from runner.engine.loop.call_length import CallLength
from runner.engine.loop.checkpoint_saver import CheckpointSaver
from runner.engine.loop.loop_parts import Training
from runner.engine.loop.position import Position
from runner.engine.loop.reports import steps_made
from runner.engine.loop.used import last_used
from runner.engine.step.compiled import Hyperparameters, compile_steps
from runner.events import Steps


class Stepper:
    """Makes the steps of a training.

    Args:
        training: what is trained.
        train: the training examples.
        pace: says how many steps a call makes.
        workers: agree on that number.
        saver: may copy the state before a call.
    """

    def __init__(
        self, training: Training, train: Split, pace: CallLength, workers: Workers, saver: CheckpointSaver
    ) -> None:
        self.training, self.pace, self.workers, self.saver = training, pace, workers, saver
        self.train = train
        self.feed = feed_of(train, training.learner.augmentation)
        self.run_steps = compile_steps(training.learner, train, training.plan.batch_size)
        self.used: dict[str, float] | None = None
        """The hyperparameters of this session's last step, as read back; None before it."""

    def steps(self, at_most: int) -> Steps:
        """K steps of the epoch that is under way, from the position on.

        Raises:
            ScheduleMismatch: a value that was read back is not the planned one.
            Diverged: a loss is not finite; the position stays where it was.
        """
        plan, state, position = self.training.plan, self.training.state, self.training.state.position
        count = self.workers.broadcast_number(self.pace.steps(at_most))
        planned = self.planned(count)
        self.saver.before_call(state, self.training.learner)
        call = self._call(position, count, planned)
        require_planned(position.step, planned, call.values.hyperparameters)
        sums = position.sums.with_steps(call.values, call.sizes)
        event = steps_made(call, position, sums.means(plan.running))
        self.training.emit(event)
        self.used = last_used(call.values.hyperparameters)
        self.saver.after_call(event.loss[0])
        require_finite(event, plan.steps_per_epoch)
        position.step, position.sums = position.step + count, sums
        return event

    def planned(self, count: int) -> Hyperparameters:
        """What acts in the next ``count`` steps."""
        step, state = self.training.state.position.step, self.training.state
        return self.training.plan.schedule.evaluate(np.arange(step, step + count), state.plateau.scale)

    def _call(self, position: Position, count: int, planned: Hyperparameters) -> Call:
        plan, compiled, size = self.training.plan, self.pace.calls == 0, self.training.plan.batch_size
        start = (position.step - position.epoch * plan.steps_per_epoch) * size
        self.pace.begin()  # waiting for examples that are read as it trains counts
        fed = self.feed.take(plan.recipe.seed, position.epoch, start, start + count * size)
        values = self.run_steps(fed, planned)
        seconds = self.pace.end(count)
        sizes = [min(size, len(fed) - k * size) for k in range(count)]  # the last batch takes what is left
        return Call(values, sizes, seconds, compiled)
