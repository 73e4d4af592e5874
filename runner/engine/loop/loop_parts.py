"""What the parts of the loop share."""

from dataclasses import dataclass

from runner.engine.loop.training_state import TrainingState
from runner.engine.step.learner import Learner
from runner.events import Sink
from runner.plan.plan import Plan


@dataclass
class Training:
    """One plan being trained."""

    plan: Plan
    learner: Learner
    """Model, optimizer, loss and metrics."""
    state: TrainingState
    """Where the training is; a checkpoint restores it in place."""
    emit: Sink
    """Receives every event."""
