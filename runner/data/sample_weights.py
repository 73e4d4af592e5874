"""Weights of examples: how much each counts in the loss."""

from collections.abc import Sequence

import numpy as np

from runner.data.examples import Array
from runner.data.splits.shares import Indices
from runner.data.targets import Where
from runner.errors import DataError, KeyPath

_WEIGHT: KeyPath = ("data", "weight")


def said_weights(words: Sequence[str] | None, train: Indices, where: Where) -> Array | None:
    """Weights from the texts of a column, the empty one where it is missing; None where there is no column.

    Raises:
        DataError: as of :func:`weights_of`, or a text is no number.
    """
    if words is None:
        return None
    values = np.empty(len(words))
    for k, word in enumerate(words):
        try:
            values[k] = float(word) if word else np.nan
        except ValueError as error:
            raise DataError(f"{where(k)}: the weight {word!r} is not a number", path=_WEIGHT) from error
    return weights_of(values, train, where, _WEIGHT)


def weights_of(values: Array, train: Indices, where: Where, place: KeyPath) -> Array:
    """Weights as they act, float32.

    Args:
        values: a number for each example, shape ``(n,)``; NaN where it is missing.
        train: places of the examples that train.
        where: names an example in messages.
        place: of the key in the recipe that names the weights.

    Raises:
        DataError: one is missing, negative or not finite, or all of those that train are 0.
    """
    with np.errstate(over="ignore"):
        weights = values.astype(np.float32)
    wrong = ~(np.isfinite(weights) & (weights >= 0))
    if wrong.any():
        k = int(np.argmax(wrong))
        said = "is missing" if np.isnan(values[k]) else f"{values[k]} is not a finite number of 0 or more"
        raise DataError(f"{where(k)}: the weight {said}", "write 0 for an example that must not count", path=place)
    if not weights[train].any():
        raise DataError("all examples that train have the weight 0, so the loss is always 0", path=place)
    return weights
