"""What every call's values are held to."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.engine.step.compiled import StepValues
from runner.errors import Diverged, ScheduleMismatch
from runner.events import Steps


def require_planned(
    first_step: int,
    values: StepValues,
    rates: NDArray[np.float32],
    momenta: NDArray[np.float32] | None,
    decays: NDArray[np.float32] | None = None,
    smoothing: NDArray[np.float32] | None = None,
) -> None:
    """Raise unless what acted is what was planned, to the last bit of float32.

    Raises:
        ScheduleMismatch: names the first step that differs.
    """
    triples = (
        ("learning rate", rates, values.learning_rate),
        ("momentum", momenta, values.momentum),
        ("weight decay", decays, values.weight_decay),
        ("label smoothing", smoothing, values.label_smoothing),
    )
    for name, planned, used in triples:
        if planned is None and used is None:
            continue
        if planned is None or used is None:
            raise ScheduleMismatch(f"the plan and the optimizer disagree on whether there is a {name}")
        wrong = np.flatnonzero(planned != used)
        if len(wrong):
            k = int(wrong[0])
            raise ScheduleMismatch(
                f"step {first_step + k}: the plan says {name} {planned[k]}, the optimizer used {used[k]}"
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
                f"loss is {loss} at step {step} (epoch {event.epoch + 1}, batch {batch} of {steps_per_epoch}), "
                f"learning rate {event.learning_rate[k]}"
            )


def require_finite_weights(variables: Iterable[Any], step: int) -> None:
    """Raise when a weight is not finite: a loss shows only what the weights were before its update.

    Raises:
        Diverged: names the first such variable; a checkpoint of it would be no state to go on from.
    """
    for variable in variables:
        if not np.isfinite(np.asarray(variable)).all():
            raise Diverged(f"{variable.path} is not finite after {step} steps")
