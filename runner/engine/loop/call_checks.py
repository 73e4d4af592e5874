"""What every call's values are held to."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import tensorflow as tf

from runner.engine.step.compiled import Hyperparameters, require_same_names
from runner.errors import Diverged, ScheduleMismatch
from runner.events import Steps
from runner.numerals import rate


def require_planned(first_step: int, planned: Hyperparameters, used: Hyperparameters) -> None:
    """Raise unless what acted is what was planned, to the last bit of float32.

    Args:
        first_step: the first of the steps.
        planned: the plan's values.
        used: those that were read back.

    Raises:
        ScheduleMismatch: names the first hyperparameter, and its first step, that differs.
    """
    require_same_names(planned, used)
    for name, values in planned.items():
        wrong = np.flatnonzero(values != used[name])
        if len(wrong):
            k, what = int(wrong[0]), name.replace("_", " ")
            raise ScheduleMismatch(
                f"step {first_step + k:,}: the plan says {what} {values[k]}, the optimizer used {used[name][k]}"
            )


def require_finite(event: Steps, steps_per_epoch: int) -> None:
    """Raise when the loss of a step is not finite.

    Raises:
        Diverged: names the first such step, its batch and its learning rate.
    """
    for k, loss in enumerate(event.loss):
        if not math.isfinite(loss):
            step = event.first_step + k
            batch = step - event.epoch * steps_per_epoch + 1
            raise Diverged(
                f"loss is {loss} at step {step:,} (epoch {event.epoch + 1}, batch {batch} of {steps_per_epoch}), "
                f"learning rate {rate(event.learning_rate[k])}"
            )


def require_finite_weights(variables: Iterable[Any], step: int) -> None:
    """Raise when a weight is not finite: a loss shows only what the weights were before its update.

    Raises:
        Diverged: names the first such variable; a checkpoint of it would be no state to go on from.
    """
    for variable in variables:
        if not tf.reduce_all(tf.math.is_finite(tf.convert_to_tensor(variable))):
            raise Diverged(f"{variable.path} is not finite after {step:,} {'step' if step == 1 else 'steps'}")
