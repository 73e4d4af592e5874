"""Optimizers as somebody writes them for a recipe, beside it."""

from typing import Any

import keras
import tensorflow as tf


class Clone(keras.optimizers.Optimizer):  # type: ignore[misc]
    """SGD with momentum, as Keras has it."""

    def __init__(self, learning_rate: float, momentum: float = 0.0, **kwargs: Any) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.momentum = momentum

    def build(self, variables: Any) -> None:
        super().build(variables)
        self.speeds = self.add_optimizer_variables(variables, "momentum")

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        speed = self.speeds[self._get_variable_index(variable)]
        speed.assign(self.momentum * speed - learning_rate * gradient)
        variable.assign_add(speed)


class Walks(keras.optimizers.Optimizer):  # type: ignore[misc]
    """Remembers two numbers a weight and one besides, and draws."""

    def __init__(self, learning_rate: float, beta_1: float = 0.9, **kwargs: Any) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta_1 = beta_1

    def build(self, variables: Any) -> None:
        super().build(variables)
        self.means, self.squares = self.add_optimizer_variables(variables, ["mean", "square"])
        self.product = self.add_variable((), initializer="ones", name="product")

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        k = self._get_variable_index(variable)
        seed = tf.stack([tf.cast(self.iterations, tf.int64), k])
        noisy = gradient + 0.01 * tf.random.stateless_normal(variable.shape, seed)
        mean, square = self.means[k], self.squares[k]
        mean.assign(self.beta_1 * mean + (1 - self.beta_1) * noisy)
        square.assign(0.99 * square + 0.01 * noisy * noisy)
        self.product.assign(0.999 * self.product)
        variable.assign_sub(learning_rate * self.product * mean / (tf.sqrt(square) + 1e-3))
