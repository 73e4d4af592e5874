"""The variables of a run as arrays, and back."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.engine.steps import Learner

Arrays = dict[str, NDArray[Any]]


class StateMismatch(Exception):
    """A checkpoint does not fit the model or the optimizer that it is to be loaded into."""


def _variables(learner: Learner) -> Iterator[tuple[str, Any]]:
    """Every variable by a name that does not depend on the process: Keras numbers some names as it goes.

    ``model.variables`` has the states of dropout's seed generators, which ``model.weights`` lacks.
    """
    optimizer = learner.optimizer.optimizer
    for i, variable in enumerate(learner.model.variables):
        yield f"model.{i:04}", variable
    for i, variable in enumerate(optimizer.variables):
        yield f"optimizer.{i:04}", variable
    product = getattr(optimizer, "_u_product", None)  # Nadam's; Keras does not always count it among the variables
    if product is not None and all(product is not variable for variable in optimizer.variables):
        yield "optimizer.u_product", product
    if learner.optimizer.momentum is not None:
        yield "momentum", learner.optimizer.momentum


def take(learner: Learner) -> Arrays:
    """Copies of all variables, by name."""
    return {name: np.array(variable) for name, variable in _variables(learner)}


def put(learner: Learner, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Assign what :func:`take` gave; the optimizer's variables may be left out all together.

    Raises:
        StateMismatch: a variable is missing or has another shape; nothing was assigned.
    """
    model_alone = not any(name.startswith("optimizer.") for name in arrays)
    wanted = {name: v for name, v in _variables(learner) if name.startswith("model.") or not model_alone}
    for name, variable in wanted.items():
        if name not in arrays:
            raise StateMismatch(f"the checkpoint has no {name}")
        if tuple(arrays[name].shape) != tuple(variable.shape):
            shapes = f"{tuple(variable.shape)}, in the checkpoint {arrays[name].shape}"
            raise StateMismatch(f"{name} ({variable.name}) has the shape {shapes}")
    for name, variable in wanted.items():
        variable.assign(arrays[name])
