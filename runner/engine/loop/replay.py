"""A run made again up to a step, from its beginning or from a checkpoint, without writing anything."""

import signal

from runner.data.examples import Dataset
from runner.engine.distributed.replicas import Replicas
from runner.engine.loop.callbacks import bridge_of
from runner.engine.loop.checkpoint_saver import NoSaver
from runner.engine.loop.checkpoints import restore
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.time_limit import TimeLimit
from runner.engine.loop.trainer import Trainer
from runner.engine.loop.training_state import TrainingState
from runner.engine.step.learner import Learner, make_learner
from runner.events import Sink
from runner.plan.plan import Plan
from runner.record.checkpoint import Checkpoint


class _UpTo(NoSaver):
    """Ends the loop at a step, where the loop would ask whether to save: after the evaluation that is due there.

    Args:
        step: number of steps that are made.
        stop: what the loop asks whether to end.
    """

    def __init__(self, step: int, stop: StopRequest) -> None:
        self._step, self._stop = step, stop

    def steps_left(self, step: int) -> int:
        """Up to the last step."""
        return self._step - step

    def save_if_due(self, state: TrainingState, learner: Learner) -> None:
        """Ask the loop to end where it is due."""
        if state.position.step >= self._step:
            self._stop.signal = signal.SIGINT


def replayed(
    plan: Plan, dataset: Dataset, replicas: Replicas, checkpoint: Checkpoint | None, step: int, emit: Sink
) -> Trainer:
    """A trainer that stands before a step, as the run did: with all evaluations that came before it.

    Callbacks act as in the run, since weights may depend on them. The time limit of the recipe does not act, because
    the clock of the run is not the one of now.

    Args:
        plan: what the run trained.
        dataset: its data.
        replicas: what a step runs on.
        checkpoint: of this step or an earlier one; None: from the beginning.
        step: 0-based.
        emit: receives the events of the steps before.

    Raises:
        CannotResume: the checkpoint is of another plan.
        Diverged: a loss before the step is not finite.
        OwnCodeFailed: a callback fails.
    """
    stop = StopRequest()
    learner = make_learner(plan, dataset, replicas, goes_on=checkpoint is not None)
    callbacks = bridge_of(plan, learner, emit) if plan.callbacks else None
    trainer = Trainer(plan, learner, dataset, emit, stop, _UpTo(step, stop), callbacks)
    trainer.state.limit = TimeLimit(None)
    if checkpoint is not None:
        restore(checkpoint, trainer.state, trainer.learner, plan)
    if trainer.state.position.step < step:
        trainer.run()
    elif callbacks is not None:
        callbacks.begin(over=False)
    return trainer
