"""Which variables weight decay leaves out."""

from typing import Any

import keras

from schemas.layer_selection import selected
from schemas.optimizer import Optimizer
from schemas.weight_decay import DecayExclusions

_NORMALISING = (
    keras.layers.BatchNormalization,
    keras.layers.LayerNormalization,
    keras.layers.GroupNormalization,
    keras.layers.RMSNormalization,
)


def exclude_from_decay(optimizer: Optimizer, built: Any, model: Any) -> None:
    """Have an optimizer that is not built yet leave out what the recipe names.

    Weight decay is a step of its own before the update, in Keras' optimizers and in ours whose update is one operation,
    so that all leave out what it leaves out.

    Args:
        optimizer: the recipe's.
        built: Keras'.
        model: whose variables it updates.
    """
    wanted = optimizer.exclude_from_weight_decay
    if wanted is not None:
        built.exclude_from_weight_decay(var_list=excluded_variables(wanted, model))


def excluded_variables(wanted: DecayExclusions, model: Any) -> list[Any]:
    """Variables of a model that weight decay leaves out."""
    found: dict[int, Any] = {}
    for layer in model.layers:
        for part in layer._flatten_layers():
            normalising = wanted.normalization and isinstance(part, _NORMALISING)
            whole = selected(wanted.layers or (), layer.name) or normalising
            for variable in part.trainable_variables:
                if whole or (wanted.biases and variable.name == "bias"):
                    found[id(variable)] = variable
    return list(found.values())
