"""Targets against the loss, once they are read."""

import numpy as np

from runner.data.examples import BLOCK, Examples, Split
from runner.data.series.windowed import WindowedExamples
from runner.errors import DataError
from runner.plan.plan import Plan
from schemas.losses import loss_kind

_FROM_ZERO = ("poisson", "mean_squared_logarithmic_error")


def require_targets_in_range(plan: Plan, train: Split) -> None:
    """Refuse targets that the loss has no meaning for; examples that are read as they train are not looked through.

    Raises:
        DataError: a target is below 0, and the loss is of counts or of logarithms. Of counts it would have no least
            value, and Keras takes the logarithm of a negative number for that of 0.
    """
    if plan.loss is None:
        _require_outputs_in_range(plan, train)
        return
    kind = loss_kind(plan.loss)
    if kind not in _FROM_ZERO or not isinstance(train, Examples | WindowedExamples):
        return
    least = float(min(np.min(part.y) for part in train.blocks(BLOCK)))
    if least < 0:
        error = DataError(f"{kind} needs targets from 0 on; a training example has {least:g}", "take another loss")
        error.at(("training", "loss"))
        raise error


def _require_outputs_in_range(plan: Plan, train: Split) -> None:
    for output in plan.outputs:
        kind = loss_kind(output.loss)
        if kind not in _FROM_ZERO or not isinstance(train, Examples | WindowedExamples):
            continue
        least = float(min(np.min(part.y[:, output.place]) for part in train.blocks(BLOCK)))
        if least < 0:
            message = f"{kind} needs targets from 0 on; a training example has {least:g} for {output.name!r}"
            raise DataError(message, "take another loss", path=("model", "outputs", output.name, "loss"))
