"""The hyperparameters that acted in the last step: read back, never planned."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from runner.engine.step.learner import Learner
from runner.events import shortest


def last_used(values: Mapping[str, NDArray[np.float32]]) -> dict[str, float]:
    """What acted in the last of some steps, by name, in the shortest form of float32."""
    return {name: shortest(column[-1:])[0] for name, column in values.items()}


def read_back(learner: Learner) -> dict[str, float]:
    """What the variables hold: a session that makes no step has learning rate and momentum from its checkpoint."""
    return {name: shortest([np.float32(variable)])[0] for name, variable in learner.hyperparameters.items()}
