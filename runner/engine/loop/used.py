"""The learning rate and the momentum that acted in the last step: read back, never planned."""

from dataclasses import dataclass

import numpy as np

from runner.events import Steps, shortest
from runner.model.optimizer import BuiltOptimizer


@dataclass(frozen=True)
class Used:
    """What acted in a step, in the shortest form of float32."""

    learning_rate: float
    momentum: float | None
    """None where the optimizer has none."""


def used_last(event: Steps) -> Used:
    """What acted in the last of these steps, as it was read back after its update."""
    return Used(event.learning_rate[-1], None if event.momentum is None else event.momentum[-1])


def read_back(built: BuiltOptimizer) -> Used:
    """What the optimizer's variables hold: a session that makes no step has them from its checkpoint."""
    rate = shortest([np.float32(built.optimizer.learning_rate)])[0]
    momentum = None if built.momentum is None else shortest([np.float32(built.momentum)])[0]
    return Used(rate, momentum)
