"""Groups of layers whose learning rate has a factor: in the compiled step, read from a variable at every step.

A factor of 0 freezes: weights, optimizer slots and the moving averages of batch normalization keep their bits.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import tensorflow as tf

from runner.model.optimizer import scheduled_number
from runner.plan.schedules.groups import PlannedGroup
from schemas.layer_selection import members

_FACTOR = "rate_factor"
"""Attribute of the call of a batch normalization that can be frozen."""


class RateGroups:
    """The variables of a model by their group.

    Args:
        groups: of the plan.
        model: built; layers of frozen groups get calls that depend on the factor.
        first: values of the hyperparameters before the first step.
    """

    def __init__(self, groups: Sequence[PlannedGroup], model: Any, first: Mapping[str, float]) -> None:
        self.variables: dict[str, tf.Variable] = {}
        """The factor of each group, by the hyperparameter's name."""
        self._factor_of: dict[int, tf.Variable] = {}
        names = [layer.name for layer in model.layers]
        for group in groups:
            factor = scheduled_number(first[group.hyperparameter], f"scheduled_{group.hyperparameter}")
            self.variables[group.hyperparameter] = factor
            chosen = {name for written in group.layers for name in members(written, names)}
            for layer in model.layers:
                if layer.name in chosen:
                    self._add(layer, factor, can_freeze=group.can_freeze)

    def _add(self, layer: Any, factor: tf.Variable, *, can_freeze: bool) -> None:
        for variable in layer.trainable_variables:
            self._factor_of[id(variable)] = factor
            if can_freeze and variable.constraint is not None:
                variable.constraint = _acting(variable.constraint, factor)
        if can_freeze:
            for part in layer._flatten_layers():
                if isinstance(part, keras.layers.BatchNormalization):
                    _infer_while_frozen(part, factor)

    def admitted(self, gradients: Sequence[Any], variables: Sequence[Any]) -> list[Any]:
        """The gradients, zero for what is frozen: it counts in no norm.

        Args:
            gradients: one for each variable, or None.
            variables: Keras' variables.
        """
        return [self._admitted(*pair) for pair in zip(gradients, variables, strict=True)]

    def _admitted(self, gradient: Any, variable: Any) -> Any:
        factor = self._factor_of.get(id(variable))
        if factor is None or gradient is None:
            return gradient
        return tf.where(factor > 0, gradient, tf.zeros_like(gradient))

    def install(self, optimizer: Any, variables: Sequence[Any]) -> None:
        """Have an optimizer multiply its learning rate by the factor of each variable's group.

        Args:
            optimizer: of the model, not built yet.
            variables: the model's.
        """
        factors = {
            optimizer._var_key(variable): self._factor_of[id(variable)]
            for variable in variables
            if id(variable) in self._factor_of
        }
        _scale_updates(optimizer, factors)
        _scale_decay(optimizer, factors)


def _scale_updates(optimizer: Any, factors: Mapping[Any, tf.Variable]) -> None:
    """An update at the rate η·factor; at 0 nothing of the variable moves, its slots neither."""
    inherited = optimizer.update_step

    def update_step(gradient: Any, variable: Any, learning_rate: Any) -> None:
        factor = factors.get(optimizer._var_key(variable))
        if factor is None:
            inherited(gradient, variable, learning_rate)
            return

        def update() -> tf.Tensor:
            inherited(gradient, variable, learning_rate * tf.cast(factor, learning_rate.dtype))
            return tf.constant(True)

        tf.cond(factor > 0, update, lambda: tf.constant(False))

    optimizer.update_step = update_step


def _scale_decay(optimizer: Any, factors: Mapping[Any, tf.Variable]) -> None:
    """Decay by w ← w − η·factor·λ·w: the factor multiplies λ for as long as the decay of a group is traced."""
    inherited = optimizer._apply_weight_decay

    def apply_weight_decay(variables: Any) -> None:
        decay = optimizer.weight_decay
        if decay is None:
            return
        own: dict[int, tuple[tf.Variable | None, list[Any]]] = {}
        for variable in variables:
            factor = factors.get(optimizer._var_key(variable))
            own.setdefault(id(factor), (factor, []))[1].append(variable)
        for factor, own_variables in own.values():
            optimizer.weight_decay = decay if factor is None else decay * factor
            try:
                inherited(own_variables)
            finally:
                optimizer.weight_decay = decay

    optimizer._apply_weight_decay = apply_weight_decay


def _acting(constraint: Callable[[Any], Any], factor: tf.Variable) -> Callable[[Any], Any]:
    """A constraint that leaves frozen weights alone."""

    def constrained(weights: Any) -> Any:
        weights = tf.convert_to_tensor(weights)
        return tf.cond(factor > 0, lambda: constraint(weights), lambda: weights)

    return constrained


def _infer_while_frozen(layer: Any, factor: tf.Variable) -> None:
    """Batch normalization uses its moving averages, and leaves them, while its group is frozen."""
    inherited = layer.call

    def call(inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        if not training:
            return inherited(inputs, training=False, mask=mask)
        return tf.cond(
            factor > 0,
            lambda: inherited(inputs, training=True, mask=mask),
            lambda: inherited(inputs, training=False, mask=mask),
        )

    setattr(call, _FACTOR, factor)
    layer.call = call


def factor_of(layer: Any) -> tf.Variable | None:
    """What multiplies the learning rate of a batch normalization that can be frozen; None for any other layer."""
    found: tf.Variable | None = getattr(layer.call, _FACTOR, None)
    return found
