"""The variables of a run as arrays, and back.

Invariant: :func:`_variables` names all that a step may change. Checkpoints, the range test and everything else that
puts a learner back where it was go by it, so that a new kind of state is entered here and nowhere else.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.engine.step.learner import Learner
from runner.errors import StateMismatch
from runner.fields import clipped

Arrays = dict[str, NDArray[Any]]


def _variables(learner: Learner) -> Iterator[tuple[str, Any]]:
    """Every variable by a name that does not depend on the process: Keras numbers some names as it goes.

    The model's (weights, moving statistics, and the states of dropout's and noise's seed generators, which
    ``model.weights`` lacks), the optimizer's (slots, iterations, learning rate, Nadam's running product), the momentum,
    which is none of the optimizer's, averaged weights, and the loss scale. Global seeds are no part of it: a step
    draws from the layers' own generators alone.
    """
    optimizer = learner.optimizer.optimizer
    for i, variable in enumerate(learner.model.variables):
        yield f"model.{i:04}", variable
    for i, variable in enumerate(optimizer.variables):
        yield f"optimizer.{i:04}", variable
    product = getattr(optimizer, "_u_product", None)  # Nadam's; Keras does not always count it among the variables
    if product is not None and all(product is not variable for variable in optimizer.variables):
        yield "optimizer.u_product", product
    if "momentum" in learner.optimizer.variables:
        yield "momentum", learner.optimizer.variables["momentum"]
    if learner.average is not None:
        for i, variable in enumerate(learner.average.variables):
            yield f"average.{i:04}", variable
    if learner.loss_scale is not None:
        for i, variable in enumerate(learner.loss_scale.variables):
            yield f"loss_scale.{i}", variable


def state_dict(learner: Learner, room: Arrays | None = None) -> Arrays:
    """Copies of all variables, by name.

    Args:
        learner: whose variables.
        room: arrays that the copies may overwrite, by name; those that it lacks are made and entered. Memory that is
            new to the process is cleared page by page first, which takes longer than the copy.
    """
    room = {} if room is None else room
    for name, variable in _variables(learner):
        value = np.asarray(tf.convert_to_tensor(variable))  # on a CPU the variable's own memory, not a copy
        if name not in room:
            room[name] = np.empty_like(value)
        np.copyto(room[name], value, casting="no")
    return dict(room)


def size_of(learner: Learner) -> int:
    """Bytes of all variables."""
    return sum(int(np.prod(variable.shape)) * tf.as_dtype(variable.dtype).size for _, variable in _variables(learner))


@contextmanager
def preserved(learner: Learner) -> Iterator[None]:
    """Put back every variable that a step may change, however the block ends; the copies stay on the device."""
    saved = {name: tf.identity(variable) for name, variable in _variables(learner)}
    try:
        yield
    finally:
        load_state_dict(learner, saved)


def load_state_dict(learner: Learner, arrays: Mapping[str, Any]) -> None:
    """Assign what :func:`take` gave; the optimizer's variables may be left out all together.

    Raises:
        StateMismatch: a variable is missing or has another shape or type; nothing was assigned.
    """
    wanted = _wanted(learner, arrays)
    for name, variable in wanted.items():
        if name not in arrays:
            raise StateMismatch(f"the checkpoint has no {name}")
        _require_like(variable, name, arrays[name])
    for name, variable in wanted.items():
        variable.assign(arrays[name])


def require_arrays(learner: Learner, arrays: Mapping[str, NDArray[Any]], *, best: bool, alone: bool) -> None:
    """Raise unless the arrays are those of a checkpoint of this learner: all of them, no others, and fit to train on.

    Args:
        learner: what they are for.
        arrays: of a checkpoint.
        best: whether the weights of a best epoch belong to them.
        alone: whether the optimizer's may be left out.

    Raises:
        StateMismatch: names the first array that is missing, too many, of another shape or type, or not finite.
    """
    wanted = _wanted(learner, arrays) if alone else dict(_variables(learner))
    if best:
        wanted |= {f"best.{i:04}": variable for i, variable in enumerate(learner.model.weights)}
    for name, variable in wanted.items():
        if name not in arrays:
            raise StateMismatch(f"the checkpoint has no {name}")
        _require_like(variable, name, arrays[name])
        # an optimizer's accumulators may overflow and only still a weight; a weight never comes back
        if name.startswith(("model.", "best.")) and variable.trainable and not np.isfinite(arrays[name]).all():
            raise StateMismatch(f"{name} ({variable.name}) is not finite")
    for name in sorted(arrays):
        if name not in wanted:
            raise StateMismatch(f"the checkpoint has {clipped(name)}, which this model and optimizer have not")


def _wanted(learner: Learner, arrays: Mapping[str, Any]) -> dict[str, Any]:
    model_alone = not any(name.startswith("optimizer.") for name in arrays)
    return {name: v for name, v in _variables(learner) if name.startswith("model.") or not model_alone}


def _require_like(variable: Any, name: str, array: Any) -> None:
    if tuple(array.shape) != tuple(variable.shape):
        shapes = f"{tuple(variable.shape)}, in the checkpoint {tuple(array.shape)}"
        raise StateMismatch(f"{name} ({variable.name}) has the shape {shapes}")
    wanted, given = tf.as_dtype(variable.dtype), tf.as_dtype(array.dtype)
    if wanted != given:
        raise StateMismatch(f"{name} ({variable.name}) is {wanted.name}, in the checkpoint {given.name}")
