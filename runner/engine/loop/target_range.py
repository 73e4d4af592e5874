"""Targets against the loss, once they are read."""

from collections.abc import Mapping

import numpy as np

from runner.data.examples import BLOCK, AssembledExamples, Examples, Split
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
    if kind not in _FROM_ZERO or not isinstance(train, Examples | AssembledExamples):
        return
    least = float(min(np.min(part.y) for part in train.blocks(BLOCK)))
    if least < 0:
        error = DataError(f"{kind} needs targets from 0 on; a training example has {least:g}", "take another loss")
        error.at(("training", "loss"))
        raise error


def _require_outputs_in_range(plan: Plan, train: Split) -> None:
    for output in plan.outputs:
        kind = loss_kind(output.loss)
        if kind not in _FROM_ZERO or not isinstance(train, Examples | AssembledExamples):
            continue
        least = float(min(np.min(output.target(part.y)) for part in train.blocks(BLOCK)))
        if least < 0:
            message = f"{kind} needs targets from 0 on; a training example has {least:g} for {output.name!r}"
            raise DataError(message, "take another loss", path=("model", "outputs", output.name, "loss"))


def require_labels(plan: Plan, parts: Mapping[str, Split | None]) -> None:
    """Refuse labels of a prepared dataset that are neither 0 nor 1; other sources look at them when they are read.

    Raises:
        DataError: naming the part and the output.
    """
    outputs = [output for output in plan.outputs if output.labels] if plan.data.source == "tfds" else []
    for part, split in parts.items():
        for targets in split.each_target() if split is not None and outputs else ():
            for output in outputs:
                own = targets[:, list(output.places)]
                if (wrong := own[(own != 0) & (own != 1)]).size:
                    message = f"an example of {part} has the label {wrong[0]:g} for {output.name!r}; a label is 0 or 1"
                    raise DataError(message, "name another feature", path=("model", "outputs", output.name))
