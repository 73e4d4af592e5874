"""Optimizers whose momentum, and weight decay where a schedule drives it, is a variable.

Keras reads ``momentum``, ``beta_1`` and ``weight_decay`` as Python numbers while the step is traced, so a later
assignment never acts. Here they are ``tf.Variable`` objects that the traced step reads. They are no optimizer slots,
and ``get_config`` gives plain numbers back, so that a saved model opens with Keras' own classes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from runner.model.custom_optimizer import own_optimizer
from schemas.custom_optimizer import CustomOptimizer
from schemas.optimizer import OptimizerBase


@dataclass(frozen=True)
class BuiltOptimizer:
    """A Keras optimizer and the variables that curves drive."""

    optimizer: Any
    variables: Mapping[str, tf.Variable]
    """By the hyperparameter's name: ``learning_rate``, ``momentum`` where the optimizer has one, and ``weight_decay``
    where a curve drives it."""


def scheduled_number(value: float, name: str = "scheduled_momentum") -> tf.Variable:
    """A number that the traced step reads at every step, where Keras would bake it in."""
    return tf.Variable(value, trainable=False, dtype=tf.float32, name=name)


class ScheduledSGD(keras.optimizers.SGD):  # type: ignore[misc]
    """v ← m·v − η·g; w ← w + v, or with nesterov w ← w + m·v − η·g; m is a variable.

    Always makes its slots, since Keras' class has none where m starts at 0. One fused operation an update.
    """

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.scheduled = scheduled_number(self.momentum)

    def build(self, variables: Any) -> None:
        """Make one slot for each variable, whatever the momentum starts at."""
        if not self.built:
            keras.optimizers.Optimizer.build(self, variables)
            self.momentums = self.add_optimizer_variables(variables, "momentum")

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Update one variable."""
        slot = self.momentums[self._get_variable_index(variable)]
        tf.raw_ops.ResourceApplyKerasMomentum(
            var=variable.handle,
            accum=slot.value.handle,
            lr=tf.cast(learning_rate, variable.dtype),
            grad=tf.cast(gradient, variable.dtype),
            momentum=tf.cast(self.scheduled, variable.dtype),
            use_nesterov=self.nesterov,
        )


class ScheduledRMSprop(keras.optimizers.RMSprop):  # type: ignore[misc]
    """s ← ρ·s + (1−ρ)·g²; v ← m·v + η·g/√(s + ε); w ← w − v; m is a variable.

    Centered: the denominator is √(s − ḡ² + ε), ḡ the running mean gradient. Always makes its slots.
    """

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.scheduled = scheduled_number(self.momentum)

    def build(self, variables: Any) -> None:
        """Make the slots, momentum's among them whatever it starts at."""
        if not self.built:
            super().build(variables)
            if self.momentum == 0:  # Keras makes this slot only for a momentum that starts above zero
                self._momentums: list[Any] = self.add_optimizer_variables(variables, "momentum")

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Update one variable."""
        index = self._get_variable_index(variable)
        arguments = {
            "var": variable.handle,
            "ms": self._velocities[index].value.handle,
            "mom": self._momentums[index].value.handle,
            "lr": tf.cast(learning_rate, variable.dtype),
            "rho": tf.cast(self.rho, variable.dtype),
            "momentum": tf.cast(self.scheduled, variable.dtype),
            "epsilon": tf.cast(self.epsilon, variable.dtype),
            "grad": tf.cast(gradient, variable.dtype),
        }
        if self.centered:
            tf.raw_ops.ResourceApplyCenteredRMSProp(mg=self._average_gradients[index].value.handle, **arguments)
        else:
            tf.raw_ops.ResourceApplyRMSProp(**arguments)


class _FusedAdam:
    """m ← β₁·m + (1−β₁)·g; v ← β₂·v + (1−β₂)·g²; w ← w − η·√(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v + ε), in one operation.

    Mixed into Keras' Adam and AdamW, whose own update makes a dozen passes over the weights. With ``amsgrad`` theirs
    stays.
    """

    def update_step(self: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Update one variable."""
        if self.amsgrad:
            super().update_step(gradient, variable, learning_rate)  # type: ignore[misc]
            return
        index, kind = self._get_variable_index(variable), variable.dtype
        beta_1, beta_2 = tf.cast(self.beta_1, kind), tf.cast(self.beta_2, kind)
        step = tf.cast(self.iterations + 1, kind)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[index].value.handle,
            v=self._velocities[index].value.handle,
            beta1_power=tf.pow(beta_1, step),
            beta2_power=tf.pow(beta_2, step),
            lr=tf.cast(learning_rate, kind),
            beta1=beta_1,
            beta2=beta_2,
            epsilon=tf.cast(self.epsilon, kind),
            grad=tf.cast(gradient, kind),
        )


def _with_variable_decay(built: BuiltOptimizer, value: float) -> BuiltOptimizer:
    """The same optimizer, which decays w ← w − η·λ·w by a variable λ before each update, where Keras has a number."""
    optimizer, decay = built.optimizer, scheduled_number(value, "scheduled_weight_decay")
    inherited, number = optimizer._apply_weight_decay, optimizer.weight_decay

    def apply_weight_decay(variables: Any) -> None:
        # Keras' own rule, of each class its own, with the variable in the number's place for as long as it is traced.
        optimizer.weight_decay = decay
        try:
            inherited(variables)
        finally:
            optimizer.weight_decay = number

    optimizer._apply_weight_decay = apply_weight_decay
    return BuiltOptimizer(optimizer, {**built.variables, "weight_decay": decay})


def _with_variable_beta_1(*bases: Any, arguments: dict[str, Any]) -> BuiltOptimizer:
    """An optimizer of the Adam family (or Lion) that reads beta_1 from a variable."""

    class Scheduled(*bases):  # type: ignore[misc]
        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "beta_1": arguments["beta_1"]}

    optimizer = Scheduled(**arguments)
    optimizer.beta_1 = scheduled_number(arguments["beta_1"])
    return _driven(optimizer, optimizer.beta_1)


def keras_class(optimizer: OptimizerBase) -> Any:
    """Keras' own class of an optimizer."""
    return getattr(keras.optimizers, optimizer.keras_class)


def keras_arguments(optimizer: OptimizerBase, learning_rate: float) -> dict[str, Any]:
    """Keyword arguments of Keras' class: the language uses Keras' names."""
    return {
        **optimizer.model_dump(exclude={"kind", "learning_rate", "exclude_from_weight_decay"}),
        "learning_rate": learning_rate,
    }


def build_optimizer(
    optimizer: OptimizerBase,
    first: Mapping[str, float],
    prepare: Callable[[Any], None] = lambda _: None,
    folder: Path | None = None,
) -> BuiltOptimizer:
    """An optimizer whose learning rate and momentum are variables, and its weight decay where it is driven.

    Args:
        optimizer: the recipe's optimizer.
        first: values of the driven hyperparameters before the first step: ``learning_rate``, and ``weight_decay``
            where a curve drives it; without, the recipe's number stays.
        prepare: what else changes Keras' optimizer; its rule of weight decay is then driven.
        folder: where custom code may be imported from; None: it may not.

    Raises:
        BuildError: it is custom code that may not or cannot be imported, or gives no optimizer that can be driven.
    """
    rate = first["learning_rate"]
    if isinstance(optimizer, CustomOptimizer):
        built = _of_custom_code(optimizer, rate, folder)
    else:
        built = _built(optimizer, rate)
    prepare(built.optimizer)
    return _with_variable_decay(built, first["weight_decay"]) if "weight_decay" in first else built


def _driven(optimizer: Any, momentum: tf.Variable | None = None) -> BuiltOptimizer:
    """The optimizer with its own variables of the learning rate and, where it has one, the momentum."""
    rate = {"learning_rate": optimizer.learning_rate.value}
    return BuiltOptimizer(optimizer, rate if momentum is None else {**rate, "momentum": momentum})


def _of_custom_code(optimizer: CustomOptimizer, learning_rate: float, folder: Path | None) -> BuiltOptimizer:
    """Somebody's own, with a variable in place of the number that it calls its momentum."""
    made = own_optimizer(optimizer, folder, learning_rate)
    if optimizer.momentum is None:
        return _driven(made)
    momentum = scheduled_number(optimizer.momentum)
    setattr(made, optimizer.momentum_argument, momentum)
    return _driven(made, momentum)


def _built(optimizer: OptimizerBase, learning_rate: float) -> BuiltOptimizer:
    arguments, kind = keras_arguments(optimizer, learning_rate), keras_class(optimizer)
    match optimizer.momentum_key:
        case None:
            return _driven(kind(**arguments))
        case "momentum":
            made = _WITH_VARIABLE_MOMENTUM[kind](**arguments)
            return _driven(made, made.scheduled)
        case _:
            fused = (_FusedAdam,) if issubclass(kind, keras.optimizers.Adam) else ()
            return _with_variable_beta_1(*fused, kind, arguments=arguments)


_WITH_VARIABLE_MOMENTUM: dict[Any, Any] = {
    keras.optimizers.SGD: ScheduledSGD,
    keras.optimizers.RMSprop: ScheduledRMSprop,
}
"""Classes of our own by Keras': one whose momentum is called ``momentum`` needs one here."""
